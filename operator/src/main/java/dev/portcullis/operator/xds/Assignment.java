package dev.portcullis.operator.xds;

import java.util.Optional;

/**
 * Whose configuration a proxy gets. Follows from the authenticated peer alone and is asked anew
 * every time. Guarded by its stream.
 */
final class Assignment {

  private final Peer peer;
  private final StreamContext context;
  private final ResourceStore.Watch watch;
  private Optional<GroupKey> group = Optional.empty();

  /** {@code watch} learns of every change of what the peer's group shall run. */
  Assignment(Peer peer, StreamContext context, ResourceStore.Watch watch) {
    this.peer = peer;
    this.context = context;
    this.watch = watch;
  }

  /** Empty while the peer has no group, or nothing is known of its group. */
  Optional<ResourceSet> wanted() {
    follow(context.groups().groupOf(peer));
    return group.flatMap(context.store()::resources);
  }

  private void follow(Optional<GroupKey> now) {
    if (!now.equals(group)) {
      end();
      group = now;
      group.ifPresent(key -> context.store().watch(key, watch));
    }
  }

  void end() {
    group.ifPresent(key -> context.store().unwatch(key, watch));
  }
}
