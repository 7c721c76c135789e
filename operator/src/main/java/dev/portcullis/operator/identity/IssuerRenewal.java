package dev.portcullis.operator.identity;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.bouncycastle.asn1.x509.Extension;

/** Whether an issuing CA should be replaced: named checks over one gathered input. */
final class IssuerRenewal {

  private static final List<Check> CHECKS =
      List.of(
          new Check("it is not valid yet: the clock was ahead when it was made", Input::early),
          new Check("a third of its life or less is left", Input::late),
          new Check("it is confined to another trust domain", Input::foreign));

  private IssuerRenewal() {}

  /** The first reason to renew; empty if there is none. */
  static Optional<String> due(CaMaterial material, TrustDomain trustDomain, Instant now) {
    var input =
        new Input(
            material.issuing().certificate(), material.root().certificate(), trustDomain, now);
    return CHECKS.stream().filter(check -> check.isDue.test(input)).map(Check::reason).findFirst();
  }

  private record Check(String reason, Predicate<Input> isDue) {}

  private record Input(
      X509Certificate issuing, X509Certificate root, TrustDomain trustDomain, Instant now) {

    boolean early() {
      return now.isBefore(issuing.getNotBefore().toInstant());
    }

    /** Not when the root's end already cuts it short: a new one would be as short. */
    boolean late() {
      var end = issuing.getNotAfter().toInstant();
      var life = Duration.between(issuing.getNotBefore().toInstant(), end);
      return Duration.between(now, end).compareTo(life.dividedBy(3)) <= 0
          && end.isBefore(root.getNotAfter().toInstant());
    }

    boolean foreign() {
      var expected = ExtensionOf.nameConstraints(trustDomain);
      var found = issuing.getExtensionValue(Extension.nameConstraints.getId());
      return found == null || !endsWith(found, expected.getExtnValue().getOctets());
    }

    /** {@code X509Certificate} hands extensions out with the octet string's own header. */
    private static boolean endsWith(byte[] whole, byte[] end) {
      return whole.length >= end.length
          && Arrays.equals(whole, whole.length - end.length, whole.length, end, 0, end.length);
    }
  }
}
