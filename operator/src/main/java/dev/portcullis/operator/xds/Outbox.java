package dev.portcullis.operator.xds;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Instant;

/**
 * The way to one proxy. Whoever sends asks first whether the proxy reads: what it does not read is
 * not made. Guarded by its stream.
 */
final class Outbox {

  private final ServerCallStreamObserver<DeltaDiscoveryResponse> responses;
  private final StreamContext context;
  private Instant unreadSince = Instant.MAX;
  private long nonces;

  Outbox(ServerCallStreamObserver<DeltaDiscoveryResponse> responses, StreamContext context) {
    this.responses = responses;
    this.context = context;
  }

  boolean isReady() {
    return responses.isReady();
  }

  /** Notes whether the proxy reads now. */
  void look() {
    if (isReady()) {
      unreadSince = Instant.MAX;
    } else if (unreadSince.equals(Instant.MAX)) {
      unreadSince = context.clock().instant();
    }
  }

  /** Since when the proxy has not read; {@link Instant#MAX} while it does. */
  Instant unreadSince() {
    return unreadSince;
  }

  Push.Stamp stamp() {
    return new Push.Stamp(Long.toString(nonces++), context.clock().instant());
  }

  void send(Push push) {
    context.metrics().pushed(push);
    responses.onNext(push.response());
  }

  void sendSecret(DeltaDiscoveryResponse secret) {
    context.metrics().secret(XdsMetrics.Secret.SENT);
    responses.onNext(secret);
  }

  void end(Status status) {
    if (status.isOk()) {
      responses.onCompleted();
    } else {
      responses.onError(status.asException());
    }
  }
}
