package dev.portcullis.operator.xds;

import java.util.Optional;

/** Which configuration a pod shall run; asked on every message of every stream. */
@FunctionalInterface
public interface PeerGroups {

  /** Empty when no policy selects the pod: it gets nothing. */
  Optional<GroupKey> groupOf(Peer peer);
}
