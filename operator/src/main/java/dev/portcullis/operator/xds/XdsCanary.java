package dev.portcullis.operator.xds;

import dev.portcullis.operator.envoy.EnvoyResources;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A real Envoy beside the operator that takes each candidate over a delta stream of its own, with
 * the same protocol code as the sidecars. Candidates keep the names of their resources and are on
 * the canary one after another, so that its words can be told to the user as they are.
 */
final class XdsCanary implements Canary {

  private static final Peer PEER = new Peer("portcullis", "canary", "canary", "canary");
  private static final GroupKey GROUP = new GroupKey("canary");

  /** The only client of a server that binds to loopback. */
  static final PeerSession SESSION = new PeerSession(PEER, Optional.empty(), Instant.MAX);

  static final PeerGroups GROUPS = peer -> Optional.of(GROUP);

  private final ResourceStore store;
  private final DeliveryLedger ledger;
  private final Duration answer;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final LinkedBlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();

  XdsCanary(ResourceStore store, DeliveryLedger ledger, Duration answer) {
    this.store = store;
    this.ledger = ledger;
    this.answer = answer;
    store.put(GROUP, CanaryResources.none());
    ledger.onDelivery(peer -> observe(ledger.delivery(peer.uid())));
  }

  private void observe(Delivery delivery) {
    deliveries.add(delivery);
    listeners.forEach(Runnable::run);
  }

  @Override
  public boolean isConnected() {
    return ledger.stream(PEER.uid()).isPresent();
  }

  @Override
  public void onConnection(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public Finding check(EnvoyResources candidate) throws InterruptedException {
    deliveries.clear();
    store.put(GROUP, CanaryResources.of(candidate));
    var deadline = System.nanoTime() + answer.toNanos();
    var delivery = Optional.of(ledger.delivery(PEER.uid()));
    while (delivery.isPresent()) {
      var finding = finding(delivery.get(), candidate.version());
      if (finding.isPresent()) {
        return finding.get();
      }
      var left = deadline - System.nanoTime();
      delivery = Optional.ofNullable(deliveries.poll(left, TimeUnit.NANOSECONDS));
    }
    return new Finding.Silent(answer);
  }

  private static Optional<Finding> finding(Delivery delivery, String version) {
    return switch (delivery) {
      case Delivery.NotConnected() -> Optional.of(new Finding.Lost("it went away"));
      case Delivery.Pending(var ignored) -> Optional.empty();
      case Delivery.Acknowledged(var of) ->
          of.equals(version) ? Optional.of(new Finding.Accepted()) : Optional.empty();
      case Delivery.Refused(var of, var resource, var message) ->
          of.equals(version)
              ? Optional.of(new Finding.Refused(resource, message))
              : Optional.empty();
    };
  }

  @Override
  public void clear() {
    store.put(GROUP, CanaryResources.none());
  }
}
