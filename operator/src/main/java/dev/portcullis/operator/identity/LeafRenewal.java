package dev.portcullis.operator.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Whether a held certificate should be replaced: named checks over one gathered input. None of them
 * can be due for a certificate that was just issued as wished, so that no issue brings the next.
 */
public final class LeafRenewal {

  /** Why a certificate is replaced; {@code sentence} begins with "it". */
  public enum Reason {
    Expired("it has expired"),
    NotYetValid("it is not valid yet: the clock was ahead when it was made"),
    HalfLife("half of its life is over"),
    IdentityChanged("it names another identity"),
    KeyTypeChanged("its key is of another type"),
    LifetimeChanged("it lives longer than is wished"),
    IssuerChanged("it is not signed by the issuing CA of today");

    private final String sentence;

    Reason(String sentence) {
      this.sentence = sentence;
    }

    public String sentence() {
      return sentence;
    }
  }

  private static final List<Check> CHECKS =
      List.of(
          new Check(Reason.Expired, input -> !input.now.isBefore(input.held.notAfter())),
          new Check(Reason.NotYetValid, input -> input.now.isBefore(input.held.notBefore())),
          new Check(
              Reason.HalfLife,
              input -> !input.now.isBefore(input.held.renewal(input.wish.renewal()))),
          new Check(Reason.IdentityChanged, input -> !input.held.names(input.wish.spiffeId())),
          new Check(
              Reason.KeyTypeChanged,
              input -> !input.held.keyType().equals(Optional.of(input.wish.keyType()))),
          new Check(
              Reason.LifetimeChanged,
              input -> input.held.lifetime().compareTo(input.wish.lifetime()) > 0),
          new Check(
              Reason.IssuerChanged,
              input ->
                  input
                      .authority
                      .filter(authority -> !authority.isIssuerOf(input.held))
                      .isPresent()));

  private LeafRenewal() {}

  /**
   * The first reason to replace it; empty if there is none.
   *
   * @param authority the one that signs today; empty if none does, and then none is missed
   */
  public static Optional<Reason> due(
      HeldLeaf held, LeafWish wish, Optional<CertificateAuthority> authority, Instant now) {
    var input = new Input(held, wish, authority, now);
    return CHECKS.stream().filter(check -> check.isDue.test(input)).map(Check::reason).findFirst();
  }

  private record Check(Reason reason, Predicate<Input> isDue) {}

  private record Input(
      HeldLeaf held, LeafWish wish, Optional<CertificateAuthority> authority, Instant now) {}
}
