package dev.portcullis.operator.xds;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One proxy's delta stream. Whose resources it gets follows from the authenticated peer alone and
 * is asked anew on every message and every push. Sends only while the proxy reads, at most one
 * unanswered response per type.
 */
final class DeltaStream implements StreamObserver<DeltaDiscoveryRequest>, ResourceStore.Watch {

  private static final Logger LOG = LoggerFactory.getLogger(DeltaStream.class);

  private final PeerSession session;
  private final StreamContext context;
  private final ServerCallStreamObserver<DeltaDiscoveryResponse> out;

  private final AtomicBoolean woken = new AtomicBoolean();
  private volatile Delivery delivery = new Delivery.Pending("");

  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock.
  private final Map<ResourceType, Subscription> subscriptions = new EnumMap<>(ResourceType.class);
  private Optional<GroupKey> group = Optional.empty();
  private Instant unreadSince = Instant.MAX;
  private long nonces;
  private boolean closed;

  private DeltaStream(
      PeerSession session,
      StreamContext context,
      ServerCallStreamObserver<DeltaDiscoveryResponse> out) {
    this.session = session;
    this.context = context;
    this.out = out;
  }

  static DeltaStream open(
      PeerSession session,
      StreamContext context,
      ServerCallStreamObserver<DeltaDiscoveryResponse> out) {
    var stream = new DeltaStream(session, context, out);
    out.setOnCancelHandler(() -> stream.close(Status.CANCELLED));
    out.setOnReadyHandler(stream::changed);
    context.metrics().streamOpened();
    context.ledger().opened(stream);
    return stream;
  }

  Peer peer() {
    return session.peer();
  }

  Delivery delivery() {
    return delivery;
  }

  /** When the proof of the peer's identity ends. */
  Instant expiry() {
    return session.end();
  }

  /** Since when the proxy has owed a read or an answer; {@link Instant#MAX} when it owes none. */
  Instant owesSince() {
    lock.lock();
    try {
      return subscriptions.values().stream()
          .map(Subscription::waitsSince)
          .reduce(unreadSince, DeltaStream::earlier);
    } finally {
      lock.unlock();
    }
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  /** Something that decides what this proxy shall run changed. Returns at once; calls merge. */
  @Override
  public void changed() {
    if (woken.compareAndSet(false, true)) {
      context.executor().execute(this::catchUp);
    }
  }

  private void catchUp() {
    woken.set(false);
    exclusively(this::flush);
  }

  @Override
  public void onNext(DeltaDiscoveryRequest request) {
    if (isImpostor(request)) {
      end(Status.PERMISSION_DENIED.withDescription("Node.id is not the authenticated pod's"));
      return;
    }
    exclusively(
        () -> {
          ResourceType.of(request.getTypeUrl()).ifPresent(type -> take(type, request));
          flush();
        });
  }

  private boolean isImpostor(DeltaDiscoveryRequest request) {
    return request.hasNode()
        && session.nodeId().filter(id -> !id.equals(request.getNode().getId())).isPresent();
  }

  private void exclusively(Runnable step) {
    var before = delivery;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      step.run();
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).addKeyValue("pod", peer().pod()).log("stream ended by a defect");
      end(Status.INTERNAL);
    } finally {
      lock.unlock();
    }
    if (!before.equals(delivery)) {
      context.ledger().changed(peer());
    }
  }

  private void take(ResourceType type, DeltaDiscoveryRequest request) {
    var present = subscriptions.get(type);
    if (present == null) {
      var before = context.ledger().refusedBefore(peer(), type);
      subscriptions.put(type, Subscription.open(request, before));
    } else {
      present.change(request);
      present.answered(request.getResponseNonce()).ifPresent(push -> settle(push, request));
    }
    if (subscriptions.get(type).isTooWide()) {
      end(Status.RESOURCE_EXHAUSTED.withDescription("too many resource names"));
    }
  }

  private void settle(Push push, DeltaDiscoveryRequest answer) {
    var subscription = subscriptions.get(push.type());
    if (answer.hasErrorDetail()) {
      var message = answer.getErrorDetail().getMessage().strip();
      subscription.refused(push, message);
      context.metrics().refused(push);
      LOG.atWarn()
          .addKeyValue("namespace", peer().namespace())
          .addKeyValue("pod", peer().pod())
          .addKeyValue("type", push.type())
          .addKeyValue("reason", message)
          .log("proxy refused configuration");
    } else {
      context
          .metrics()
          .acknowledged(push, Duration.between(push.stamp().sent(), context.clock().instant()));
    }
    context.ledger().refuses(peer(), push.type(), subscription.refusals());
  }

  private void flush() {
    if (closed) {
      return;
    }
    unreadSince = out.isReady() ? Instant.MAX : earlier(unreadSince, context.clock().instant());
    follow(context.groups().groupOf(peer()));
    var wanted = group.flatMap(context.store()::resources);
    if (wanted.isPresent()) {
      offer(wanted.get());
      delivery = measure(wanted.get());
    } else {
      subscriptions.values().forEach(this::offerNothing);
      delivery = new Delivery.Pending("");
    }
  }

  private void follow(Optional<GroupKey> now) {
    if (now.equals(group)) {
      return;
    }
    group.ifPresent(key -> context.store().unwatch(key, this));
    group = now;
    group.ifPresent(key -> context.store().watch(key, this));
  }

  private void offer(ResourceSet wanted) {
    for (var type : ResourceType.values()) {
      var subscription = subscriptions.get(type);
      if (subscription != null && out.isReady()) {
        subscription
            .next(wanted.of(type), removals(type, wanted), this::stamp)
            .ifPresent(push -> send(push, wanted.version()));
      }
    }
  }

  /** Clusters stay until the proxy has taken the listeners and routes that no longer name them. */
  private Subscription.Removals removals(ResourceType type, ResourceSet wanted) {
    return switch (type) {
      case LISTENER, ROUTE -> Subscription.Removals.NOW;
      case CLUSTER ->
          holds(ResourceType.LISTENER, wanted) && holds(ResourceType.ROUTE, wanted)
              ? Subscription.Removals.NOW
              : Subscription.Removals.LATER;
    };
  }

  private boolean holds(ResourceType type, ResourceSet wanted) {
    var subscription = subscriptions.get(type);
    return subscription == null || subscription.holds(wanted.of(type));
  }

  private void offerNothing(Subscription subscription) {
    if (out.isReady()) {
      subscription.nothing(this::stamp).ifPresent(push -> send(push, ""));
    }
  }

  private Push.Stamp stamp() {
    return new Push.Stamp(Long.toString(nonces++), context.clock().instant());
  }

  private void send(Push push, String version) {
    context.metrics().pushed(push);
    out.onNext(push.response(version));
  }

  private Delivery measure(ResourceSet wanted) {
    var acknowledged = true;
    for (var type : ResourceType.values()) {
      var subscription = subscriptions.get(type);
      if (subscription == null) {
        acknowledged &= wanted.of(type).isEmpty();
        continue;
      }
      for (var content : wanted.of(type).values()) {
        var refusal = subscription.refusal(content);
        if (refusal.isPresent()) {
          return new Delivery.Refused(wanted.version(), content.name(), refusal.get().message());
        }
      }
      acknowledged &= subscription.holds(wanted.of(type));
    }
    return acknowledged
        ? new Delivery.Acknowledged(wanted.version())
        : new Delivery.Pending(wanted.version());
  }

  @Override
  public void onError(Throwable error) {
    close(Status.fromThrowable(error));
  }

  @Override
  public void onCompleted() {
    end(Status.OK);
  }

  /** Ends the stream from this side; {@code OK} tells the proxy to come back in its own time. */
  void end(Status status) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (status.isOk()) {
        out.onCompleted();
      } else {
        out.onError(status.asException());
      }
    } finally {
      lock.unlock();
    }
    close(status);
  }

  private void close(Status status) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      group.ifPresent(key -> context.store().unwatch(key, this));
    } finally {
      lock.unlock();
    }
    context.metrics().streamClosed();
    context.ledger().closed(this);
    LOG.atDebug()
        .addKeyValue("namespace", peer().namespace())
        .addKeyValue("pod", peer().pod())
        .addKeyValue("status", status.getCode())
        .log("stream closed");
  }
}
