package dev.portcullis.operator.xds;

import java.util.Optional;

/**
 * Keys, certificates and roots for proxies that read them from no file. Asked under the lock of a
 * stream, so no answer may wait for anything.
 */
public interface PeerSecrets {
  /** For proxies that read everything from files. */
  PeerSecrets NONE =
      new PeerSecrets() {
        @Override
        public boolean isDue(Peer peer, String name, String held) {
          return false;
        }

        @Override
        public Optional<PeerSecret> next(Peer peer, String name, String held) {
          return Optional.empty();
        }
      };

  /**
   * Whether the peer's proxy should get another secret of this name. Costs next to nothing.
   *
   * @param held version of the secret that the proxy says it has; empty if none. It may lie, and
   *     harms itself alone
   */
  boolean isDue(Peer peer, String name, String held);

  /** That other secret, of this peer and nobody else; empty if none is due or none can be given. */
  Optional<PeerSecret> next(Peer peer, String name, String held);
}
