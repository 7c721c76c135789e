package dev.portcullis.operator.watch.clients;

import dev.portcullis.operator.identity.HeldLeaf;
import java.util.Optional;

/** What became of one look at an ApiClientCertificate. */
sealed interface Outcome {

  /** All is as it should be. */
  record Kept(HeldLeaf leaf) implements Outcome {}

  /** A new certificate is in the Secret; {@code cause} is a part of a sentence. */
  record Issued(HeldLeaf leaf, String cause) implements Outcome {}

  /** The same certificate, with the roots of today. */
  record RootsFollowed(HeldLeaf leaf) implements Outcome {}

  /**
   * Something is due and cannot be done now.
   *
   * @param usable what the Secret still holds
   */
  record Withheld(Optional<HeldLeaf> usable, Hindrance hindrance, String message)
      implements Outcome {}

  /** The API server does not answer, so there is nothing to say, and nobody to say it to. */
  record Unanswered(String message) implements Outcome {}

  /** Why it cannot be done; the names are the reasons of conditions. */
  enum Hindrance {
    SecretNotOwned,
    SecretUnreadable,
    Forbidden,
    ServiceAccountMissing,
    IdentityReserved,
    AuthorityNotReady,
    TooManyIssued,
    WriteRefused
  }

  /** What the Secret holds after it; empty if it is of no use. */
  default Optional<HeldLeaf> held() {
    return switch (this) {
      case Kept(HeldLeaf leaf) -> Optional.of(leaf);
      case Issued(HeldLeaf leaf, String cause) -> Optional.of(leaf);
      case RootsFollowed(HeldLeaf leaf) -> Optional.of(leaf);
      case Withheld(var usable, var hindrance, var message) -> usable;
      case Unanswered unanswered -> Optional.empty();
    };
  }
}
