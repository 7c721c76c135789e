package dev.portcullis.operator.watch.keys;

import dev.portcullis.operator.identity.LeafKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Whether a proxy should get another certificate: named checks over one gathered input. None of
 * them can hold of a certificate that was just issued, so that no issue brings the next.
 */
final class LeafDue {

  /** Why. */
  enum Reason {
    NONE_HELD,
    ISSUER_CHANGED,
    HALF_LIFE,
    NOT_YET_VALID,
    LIFETIME_CHANGED,
    KEY_TYPE_CHANGED
  }

  private static final List<Check> CHECKS =
      List.of(
          new Check(
              Reason.ISSUER_CHANGED, input -> !input.held.issuer().equals(input.today.issuer())),
          new Check(
              Reason.HALF_LIFE,
              input -> !input.today.now().isBefore(input.held.refresh(input.today.renewal()))),
          new Check(Reason.NOT_YET_VALID, input -> input.today.now().isBefore(input.held.from())),
          new Check(
              Reason.LIFETIME_CHANGED,
              input -> input.held.lifetime().compareTo(input.today.lifetime()) > 0),
          new Check(Reason.KEY_TYPE_CHANGED, input -> input.held.key() != input.today.key()));

  private LeafDue() {}

  /**
   * What a certificate of now would be.
   *
   * @param issuer fingerprint of the CA that signs
   * @param lifetime the longest that it has
   * @param renewal longest time from its beginning to its renewal
   * @param key type of its key
   */
  record Today(Instant now, String issuer, Duration lifetime, Duration renewal, LeafKey key) {}

  /** The first reason to replace it; empty if there is none. */
  static Optional<Reason> reason(Optional<LeafVersion> held, Today today) {
    if (held.isEmpty()) {
      return Optional.of(Reason.NONE_HELD);
    }
    var input = new Input(held.get(), today);
    return CHECKS.stream().filter(check -> check.holds.test(input)).map(Check::reason).findFirst();
  }

  private record Check(Reason reason, Predicate<Input> holds) {}

  private record Input(LeafVersion held, Today today) {}
}
