package dev.portcullis.operator.xds;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What each group is offered, and who waits for it to change. A change touches its group and the
 * watches of its group, nothing else; groups share no lock.
 */
final class ResourceStore {

  /** Waits for its group to change. */
  interface Watch {

    /** The group that this watch was added to changed. Must return at once. */
    void changed();
  }

  /** Present while it has an offer or watches. */
  private static final class Group {
    volatile Offer offer;
    final Set<Watch> watches = ConcurrentHashMap.newKeySet(2);

    Group orNothing() {
      return offer == null && watches.isEmpty() ? null : this;
    }
  }

  private final EndpointStore endpoints = new EndpointStore();
  private final AtomicLong lineages = new AtomicLong();
  private final ConcurrentHashMap<GroupKey, Group> groups = new ConcurrentHashMap<>();

  EndpointStore endpoints() {
    return endpoints;
  }

  /** Empty for a group that was not put or was removed: nothing is known of it. */
  Optional<Offer> offer(GroupKey key) {
    var group = groups.get(key);
    return group == null ? Optional.empty() : Optional.ofNullable(group.offer);
  }

  /** The newest of the offer. */
  Optional<ResourceSet> resources(GroupKey key) {
    return offer(key).map(Offer::newest);
  }

  void put(GroupKey key, ResourceSet resources) {
    var changed =
        groups.compute(
            key,
            (ignored, present) -> {
              var group = present == null ? new Group() : present;
              group.offer =
                  group.offer == null
                      ? Offer.first(lineages.incrementAndGet(), resources)
                      : group.offer.followedBy(resources);
              return group;
            });
    changed.watches.forEach(Watch::changed);
  }

  /** A proxy of the group took all of this set. */
  void acknowledged(GroupKey key, ResourceSet set) {
    if (offer(key).filter(offer -> offer.waitsFor(set)).isEmpty()) {
      return;
    }
    groups.computeIfPresent(
        key,
        (ignored, group) -> {
          if (group.offer != null) {
            group.offer = group.offer.acknowledged(set);
          }
          return group;
        });
  }

  void remove(GroupKey key) {
    groups.computeIfPresent(
        key,
        (ignored, group) -> {
          group.offer = null;
          return group.orNothing();
        });
  }

  /** A change after this returns reaches the watch; read {@link #resources} afterwards. */
  void watch(GroupKey key, Watch watch) {
    groups.compute(
        key,
        (ignored, present) -> {
          var group = present == null ? new Group() : present;
          group.watches.add(watch);
          return group;
        });
  }

  void unwatch(GroupKey key, Watch watch) {
    groups.computeIfPresent(
        key,
        (ignored, group) -> {
          group.watches.remove(watch);
          return group.orNothing();
        });
  }
}
