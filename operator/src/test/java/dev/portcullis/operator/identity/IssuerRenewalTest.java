package dev.portcullis.operator.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IssuerRenewalTest {

  private static final CaMaterial MATERIAL = Authorities.material();

  @Test
  void aYoungIssuerIsKept() {
    assertThat(due(Authorities.NOW)).isEmpty();
    assertThat(due(Authorities.NOW.plus(Duration.ofDays(59)))).isEmpty();
  }

  @Test
  void anIssuerInItsLastThirdIsReplaced() {
    assertThat(due(Authorities.NOW.plus(Duration.ofDays(61))))
        .contains("a third of its life or less is left");
  }

  @Test
  void anExpiredIssuerIsReplaced() {
    assertThat(due(Authorities.NOW.plus(Duration.ofDays(400)))).isPresent();
  }

  @Test
  void anIssuerMadeByAClockThatWasAheadIsReplaced() {
    assertThat(due(Authorities.NOW.minus(Duration.ofDays(1))))
        .contains("it is not valid yet: the clock was ahead when it was made");
  }

  @Test
  void anIssuerOfAnotherTrustDomainIsReplaced() {
    assertThat(IssuerRenewal.due(MATERIAL, new TrustDomain("example.org"), Authorities.NOW))
        .contains("it is confined to another trust domain");
    // "local" is the tail of "cluster.local": a look at the end alone would take it for ours
    assertThat(IssuerRenewal.due(MATERIAL, new TrustDomain("local"), Authorities.NOW)).isPresent();
  }

  @Test
  void anIssuerCutShortByItsRootIsNotReplacedForEver() {
    // Given a root with ten days left, and an issuer that therefore ends with it
    var root = MATERIAL.root();
    var late = root.certificate().getNotAfter().toInstant().minus(Duration.ofDays(10));
    var mint = new CaMint(Authorities.DOMAIN, CryptoProvider.fastest());
    var material = new CaMaterial(root, mint.newIssuing(root, late));

    assertThat(IssuerRenewal.due(material, Authorities.DOMAIN, late.plus(Duration.ofDays(9))))
        .isEmpty();
  }

  private static Optional<String> due(Instant now) {
    return IssuerRenewal.due(MATERIAL, Authorities.DOMAIN, now);
  }
}
