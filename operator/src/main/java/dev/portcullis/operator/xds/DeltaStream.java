package dev.portcullis.operator.xds;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One proxy's delta stream, from its first message to its end. Sends only while the proxy reads, at
 * most one unanswered response per type.
 */
final class DeltaStream implements StreamObserver<DeltaDiscoveryRequest>, ResourceStore.Watch {

  private static final Logger LOG = LoggerFactory.getLogger(DeltaStream.class);

  private final PeerSession session;
  private final StreamContext context;

  private final AtomicBoolean woken = new AtomicBoolean();
  private volatile Delivery delivery = new Delivery.Pending("");

  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock.
  private final Outbox outbox;
  private final Assignment assignment;
  private final Subscriptions subscriptions = new Subscriptions();
  private final SecretSubscription secrets;
  private boolean closed;

  private DeltaStream(PeerSession session, StreamContext context, Outbox outbox) {
    this.session = session;
    this.context = context;
    this.outbox = outbox;
    this.assignment = new Assignment(session.peer(), context, this);
    this.secrets = new SecretSubscription(session.peer(), context);
  }

  static DeltaStream open(
      PeerSession session,
      StreamContext context,
      ServerCallStreamObserver<DeltaDiscoveryResponse> out) {
    var stream = new DeltaStream(session, context, new Outbox(out, context));
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
      var read = outbox.unreadSince();
      return Stream.of(read, subscriptions.waitSince(), secrets.waitsSince())
          .min(Comparator.naturalOrder())
          .orElseThrow();
    } finally {
      lock.unlock();
    }
  }

  /** Lets the proxy have a secret that has become due. Called about once a second. */
  void lookAtSecrets() {
    lock.lock();
    try {
      if (closed || !secrets.isDue()) {
        return;
      }
    } finally {
      lock.unlock();
    }
    changed();
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
          if (SecretSubscription.isMeantBy(request)) {
            secrets.take(request);
          }
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
    if (subscriptions.isEmpty() && request.getInitialResourceVersionsCount() == 0) {
      assignment.startsAnew();
    }
    subscriptions.take(type, request).ifPresent(push -> settle(push, request));
    if (subscriptions.areTooWide()) {
      end(Status.RESOURCE_EXHAUSTED.withDescription("too many resource names"));
    }
  }

  private void settle(Push push, DeltaDiscoveryRequest answer) {
    if (answer.hasErrorDetail()) {
      refused(push, answer.getErrorDetail().getMessage().strip());
    } else {
      var taken = Duration.between(push.stamp().sent(), context.clock().instant());
      context.metrics().acknowledged(push, taken);
    }
  }

  private void refused(Push push, String message) {
    subscriptions.refused(push, message);
    if (push.type().isConfiguration()) {
      assignment.refused(push.set(), push.refusal(message));
    }
    context.metrics().refused(push);
    LOG.atWarn()
        .addKeyValue("namespace", peer().namespace())
        .addKeyValue("pod", peer().pod())
        .addKeyValue("type", push.type())
        .addKeyValue("reason", message)
        .log("proxy refused configuration");
  }

  private void flush() {
    if (closed) {
      return;
    }
    outbox.look();
    if (outbox.isReady()) {
      secrets.next(outbox::stamp).ifPresent(outbox::sendSecret);
    }
    assignment
        .wanted()
        .ifPresentOrElse(this::offer, () -> send(() -> subscriptions.nothing(outbox::stamp)));
    delivery = assignment.delivery(subscriptions);
  }

  private void offer(Wanted wanted) {
    send(() -> subscriptions.next(wanted, outbox::stamp));
    if (subscriptions.hold(wanted.set())) {
      assignment.acknowledged(wanted.set());
    }
  }

  private void send(Supplier<Optional<Push>> pushes) {
    while (outbox.isReady()) {
      var push = pushes.get();
      if (push.isEmpty()) {
        return;
      }
      outbox.send(push.get());
    }
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
      outbox.end(status);
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
      assignment.end();
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
