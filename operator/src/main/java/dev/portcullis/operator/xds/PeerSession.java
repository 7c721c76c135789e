package dev.portcullis.operator.xds;

import io.grpc.Context;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of the client of a stream before its first message.
 *
 * @param nodeId the only Node.id that the client may call itself; empty when any will do
 * @param end when the stream ends, since the proof of identity does
 */
record PeerSession(Peer peer, Optional<String> nodeId, Instant end) {

  /** Where a server's interceptor leaves it for the service. */
  static final Context.Key<PeerSession> KEY = Context.key("portcullis-peer-session");

  static PeerSession of(Peer peer, Instant end) {
    return new PeerSession(peer, Optional.of(peer.namespace() + "/" + peer.pod()), end);
  }
}
