package dev.portcullis.operator.xds;

import java.util.Optional;

/**
 * What a group's proxies are to run, and what one goes back to that refuses it.
 *
 * @param lineage tells the group from an earlier one of the same name, which left it nothing
 * @param previous the last set before the newest that a proxy of the group acknowledged in full
 */
record Offer(long lineage, ResourceSet newest, Standing standing, Optional<ResourceSet> previous) {

  /** Of the newest set. */
  enum Standing {
    UNPROVEN,
    ACKNOWLEDGED
  }

  static Offer first(long lineage, ResourceSet newest) {
    return new Offer(lineage, newest, Standing.UNPROVEN, Optional.empty());
  }

  Offer followedBy(ResourceSet next) {
    var proven =
        switch (standing) {
          case ACKNOWLEDGED -> Optional.of(newest);
          case UNPROVEN -> previous;
        };
    return new Offer(lineage, next, Standing.UNPROVEN, proven);
  }

  /** The set is the newest, and nobody acknowledged it yet. */
  boolean waitsFor(ResourceSet set) {
    return standing == Standing.UNPROVEN && set == newest;
  }

  /** The same unless it {@link #waitsFor} this set. */
  Offer acknowledged(ResourceSet set) {
    return waitsFor(set) ? new Offer(lineage, newest, Standing.ACKNOWLEDGED, previous) : this;
  }
}
