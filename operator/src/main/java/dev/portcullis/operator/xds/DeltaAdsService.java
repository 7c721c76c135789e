package dev.portcullis.operator.xds;

import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * The aggregated discovery service, in its incremental form alone: every other call is refused
 * {@code UNIMPLEMENTED}, since state-of-the-world repeats what a proxy refused for ever.
 */
final class DeltaAdsService extends AggregatedDiscoveryServiceImplBase {

  private final StreamContext context;

  DeltaAdsService(StreamContext context) {
    this.context = context;
  }

  @Override
  public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
      StreamObserver<DeltaDiscoveryResponse> responses) {
    var session = PeerSession.KEY.get();
    if (session == null) {
      throw Status.INTERNAL.withDescription("no authentication in front").asRuntimeException();
    }
    var out = (ServerCallStreamObserver<DeltaDiscoveryResponse>) responses;
    return DeltaStream.open(session, context, out);
  }
}
