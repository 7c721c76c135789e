package dev.portcullis.operator.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class IssuerRenewalTest {

  private static final CaMaterial MATERIAL = Authorities.material();

  @Test
  void aYoungIssuerIsKept() {
    assertThat(due(Authorities.NOW)).isEqualTo(new Renewal.NotDue());
    assertThat(due(Authorities.NOW.plus(Duration.ofDays(59)))).isEqualTo(new Renewal.NotDue());
  }

  @Test
  void anIssuerInItsLastThirdIsReplaced() {
    assertThat(due(Authorities.NOW.plus(Duration.ofDays(61))))
        .isEqualTo(new Renewal.Due("a third of its life or less is left"));
  }

  @Test
  void anIssuerThatCannotSignIsReplacedAtOnce() {
    var late = Authorities.NOW.plus(Duration.ofDays(90)).minus(Duration.ofMinutes(59));
    assertThat(due(late)).isEqualTo(new Renewal.Overdue("it ends within the hour"));
    assertThat(due(Authorities.NOW.plus(Duration.ofDays(400)))).isInstanceOf(Renewal.Overdue.class);
  }

  @Test
  void anIssuerMadeByAClockThatWasAheadIsReplaced() {
    assertThat(due(Authorities.NOW.minus(Duration.ofDays(1))))
        .isEqualTo(
            new Renewal.Overdue("it is not valid yet: the clock was ahead when it was made"));
  }

  @Test
  void anIssuerOfAnotherTrustDomainIsReplaced() {
    assertThat(IssuerRenewal.of(MATERIAL, new TrustDomain("example.org"), Authorities.NOW))
        .isEqualTo(new Renewal.Overdue("it is confined to another trust domain"));
    // "local" is the tail of "cluster.local": a look at the end alone would take it for ours
    assertThat(IssuerRenewal.of(MATERIAL, new TrustDomain("local"), Authorities.NOW))
        .isInstanceOf(Renewal.Overdue.class);
  }

  @Test
  void anIssuerCutShortByItsRootIsNotReplacedForEver() {
    // Given a root with ten days left, and an issuer that therefore ends with it
    var root = MATERIAL.root().pair().orElseThrow();
    var late = root.certificate().getNotAfter().toInstant().minus(Duration.ofDays(10));
    var mint = new CaMint(Authorities.DOMAIN, CryptoProvider.fastest());
    var material = CaMaterial.of(root, mint.newIssuing(root, late));

    assertThat(IssuerRenewal.of(material, Authorities.DOMAIN, late.plus(Duration.ofDays(9))))
        .isEqualTo(new Renewal.NotDue());
  }

  private static Renewal due(Instant now) {
    return IssuerRenewal.of(MATERIAL, Authorities.DOMAIN, now);
  }
}
