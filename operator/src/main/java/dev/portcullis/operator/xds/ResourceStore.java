package dev.portcullis.operator.xds;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What each group shall run, and who waits for it to change. A change touches its group and the
 * watches of its group, nothing else; groups share no lock.
 */
final class ResourceStore {

  /** Waits for its group to change. */
  interface Watch {

    /** The group that this watch was added to changed. Must return at once. */
    void changed();
  }

  /** Present while it has resources or watches. */
  private static final class Group {
    volatile ResourceSet resources;
    final Set<Watch> watches = ConcurrentHashMap.newKeySet(2);

    Group orNothing() {
      return resources == null && watches.isEmpty() ? null : this;
    }
  }

  private final ConcurrentHashMap<GroupKey, Group> groups = new ConcurrentHashMap<>();

  /** Empty for a group that was not put or was removed: nothing is known of it. */
  Optional<ResourceSet> resources(GroupKey key) {
    var group = groups.get(key);
    return group == null ? Optional.empty() : Optional.ofNullable(group.resources);
  }

  void put(GroupKey key, ResourceSet resources) {
    var changed =
        groups.compute(
            key,
            (ignored, present) -> {
              var group = present == null ? new Group() : present;
              group.resources = resources;
              return group;
            });
    changed.watches.forEach(Watch::changed);
  }

  void remove(GroupKey key) {
    groups.computeIfPresent(
        key,
        (ignored, group) -> {
          group.resources = null;
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
