package dev.portcullis.operator.identity;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.bouncycastle.asn1.x509.Extension;

/** Whether an issuing CA should be replaced: named checks over one gathered input. */
final class IssuerRenewal {

  private static final List<Check> CHECKS =
      List.of(
          new Check(
              new Renewal.Overdue("it is not valid yet: the clock was ahead when it was made"),
              Input::early),
          new Check(new Renewal.Overdue("it is confined to another trust domain"), Input::foreign),
          new Check(new Renewal.Overdue("it ends within the hour"), Input::cannotSign),
          new Check(new Renewal.Due("a third of its life or less is left"), Input::late));

  private IssuerRenewal() {}

  static Renewal of(CaMaterial material, TrustDomain trustDomain, Instant now) {
    if (material.root().key().isEmpty()) {
      // Whoever keeps the root's key brings the next issuing CA.
      return new Renewal.NotDue();
    }
    var input =
        new Input(
            material.issuing().certificate(), material.root().certificate(), trustDomain, now);
    return CHECKS.stream()
        .filter(check -> check.holds.test(input))
        .map(Check::renewal)
        .findFirst()
        .orElseGet(Renewal.NotDue::new);
  }

  private record Check(Renewal renewal, Predicate<Input> holds) {}

  private record Input(
      X509Certificate issuing, X509Certificate root, TrustDomain trustDomain, Instant now) {

    boolean early() {
      return now.isBefore(issuing.getNotBefore().toInstant());
    }

    boolean cannotSign() {
      return late() && !now.plus(CertificateAuthority.SHORTEST_LEAF).isBefore(end(issuing));
    }

    /** Not when the root's end already cuts it short: a new one would be as short. */
    boolean late() {
      var end = end(issuing);
      var life = Duration.between(issuing.getNotBefore().toInstant(), end);
      return Duration.between(now, end).compareTo(life.dividedBy(3)) <= 0
          && end.isBefore(end(root));
    }

    private static Instant end(X509Certificate certificate) {
      return certificate.getNotAfter().toInstant();
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
