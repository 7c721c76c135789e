package dev.portcullis.operator.xds;

import java.util.Optional;
import java.util.Set;

/**
 * Whose configuration a proxy gets, and which of it. Whose follows from the authenticated peer
 * alone and is asked anew every time. Guarded by its stream.
 */
final class Assignment {

  private final Peer peer;
  private final StreamContext context;
  private final ResourceStore.Watch watch;
  private final ProxyHistory history;
  private Optional<GroupKey> group = Optional.empty();
  private Optional<Offer> offer = Optional.empty();
  private Set<String> endpoints = Set.of();

  /** {@code watch} learns of every change of what the peer's group shall run. */
  Assignment(Peer peer, StreamContext context, ResourceStore.Watch watch) {
    this.peer = peer;
    this.context = context;
    this.watch = watch;
    this.history = context.ledger().history(peer);
  }

  /** Empty while there is nothing for the peer, or nothing that its proxy did not refuse. */
  Optional<Wanted> wanted() {
    follow(context.groups().groupOf(peer));
    offer = group.flatMap(context.store()::offer);
    return offer.flatMap(history::choose).map(this::withEndpoints);
  }

  /** Those that the set names, and no others: nobody may read where any other backend is. */
  private Wanted withEndpoints(ResourceSet set) {
    var named = Set.copyOf(set.endpoints().values());
    if (!named.equals(endpoints)) {
      unfollowEndpoints();
      named.forEach(name -> context.store().endpoints().watch(name, watch));
      endpoints = named;
    }
    return new Wanted(set, context.store().endpoints().of(named));
  }

  private void unfollowEndpoints() {
    endpoints.forEach(name -> context.store().endpoints().unwatch(name, watch));
    endpoints = Set.of();
  }

  private void follow(Optional<GroupKey> now) {
    if (!now.equals(group)) {
      end();
      group = now;
      group.ifPresent(key -> context.store().watch(key, watch));
    }
  }

  /** The proxy brought nothing from an earlier stream. */
  void startsAnew() {
    history.forgetRefusals();
  }

  void acknowledged(ResourceSet set) {
    history.acknowledged(set);
    group.ifPresent(key -> context.store().acknowledged(key, set));
  }

  void refused(ResourceSet set, Refusal refusal) {
    history.refuse(set, refusal);
  }

  /** How far the proxy has come with the newest set of its group. */
  Delivery delivery(Subscriptions subscriptions) {
    if (offer.isEmpty()) {
      return new Delivery.Pending("");
    }
    var newest = offer.get().newest();
    var refusal = history.refusal(newest);
    if (refusal.isPresent()) {
      var said = refusal.get();
      return new Delivery.Refused(newest.version(), said.resource(), said.message());
    }
    return subscriptions.hold(newest)
        ? new Delivery.Acknowledged(newest.version())
        : new Delivery.Pending(newest.version());
  }

  void end() {
    unfollowEndpoints();
    group.ifPresent(key -> context.store().unwatch(key, watch));
  }
}
