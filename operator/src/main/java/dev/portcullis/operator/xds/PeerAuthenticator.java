package dev.portcullis.operator.xds;

import java.time.Instant;

/** Tells who presents a token. */
@FunctionalInterface
public interface PeerAuthenticator {

  /** Blocks for one call of the API server at most; answers are never guessed. */
  Verdict authenticate(String bearerToken);

  /** What became of a token. */
  sealed interface Verdict {

    /** The token is a pod's, bound to it, for our audience, until {@code expiry}. */
    record Authenticated(Peer peer, Instant expiry) implements Verdict {}

    /** The token proves nothing; {@code reason} is for the log, not for the client. */
    record Refused(String reason) implements Verdict {}

    /** It could not be found out now; the client shall try again. */
    record Unavailable(String reason) implements Verdict {}
  }
}
