package dev.portcullis.operator.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.identity.LeafRenewal.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeafRenewalTest {

  private static final CryptoProvider CRYPTO = CryptoProvider.fastest();
  private static final CaMaterial MATERIAL = Authorities.material();
  private static final CertificateAuthority AUTHORITY = Authorities.authority(MATERIAL, CRYPTO);
  private static final Duration DAY = Duration.ofHours(24);
  private static final LeafWish WISH =
      new LeafWish(Authorities.ORDERS, LeafKey.ECDSAP256, DAY, DAY);

  private final HeldLeaf held = issued(WISH, Authorities.NOW);

  @ParameterizedTest
  @CsvSource({"24h, 24h", "1h, 24h", "168h, 10m", "1h, 10m"})
  void noFreshCertificateIsDueOrEveryIssueWouldBringTheNext(String lifetime, String renewal) {
    var wish =
        new LeafWish(
            Authorities.ORDERS,
            LeafKey.ECDSAP256,
            Duration.parse("PT" + lifetime),
            Duration.parse("PT" + renewal));

    assertThat(due(issued(wish, Authorities.NOW), wish, Authorities.NOW)).isEmpty();
  }

  @Test
  void neitherIsOneThatItsIssuersEndCutShort() {
    var late = AUTHORITY.issuingExpiry().minus(Duration.ofHours(2));

    assertThat(due(issued(WISH, late), WISH, late)).isEmpty();
  }

  @Test
  void itIsRenewedNearHalfOfItsLife() {
    assertThat(due(held, WISH, Authorities.NOW.plus(Duration.ofMinutes(640)))).isEmpty();
    assertThat(due(held, WISH, Authorities.NOW.plus(Duration.ofMinutes(800))))
        .contains(Reason.HalfLife);
    assertThat(due(held, WISH, Authorities.NOW.plus(DAY))).contains(Reason.Expired);
  }

  @Test
  void oneThatAFastClockMadeIsReplaced() {
    assertThat(due(held, WISH, Authorities.NOW.minus(Duration.ofHours(1))))
        .contains(Reason.NotYetValid);
  }

  @Test
  void aChangedWishIsDueAtOnce() {
    var other = "spiffe://cluster.local/ns/shop/sa/other";
    assertThat(now(new LeafWish(other, LeafKey.ECDSAP256, DAY, DAY)))
        .contains(Reason.IdentityChanged);
    assertThat(now(new LeafWish(Authorities.ORDERS, LeafKey.RSA3072, DAY, DAY)))
        .contains(Reason.KeyTypeChanged);
    assertThat(now(new LeafWish(Authorities.ORDERS, LeafKey.ECDSAP256, Duration.ofHours(8), DAY)))
        .contains(Reason.LifetimeChanged);
  }

  @Test
  void aLongerLifeCanWaitForTheNextRenewal() {
    var longer = new LeafWish(Authorities.ORDERS, LeafKey.ECDSAP256, Duration.ofHours(168), DAY);

    assertThat(now(longer)).isEmpty();
  }

  @Test
  void aNewIssuingCaUnderTheSameRootIsFollowed() {
    var mint = new CaMint(Authorities.DOMAIN, CRYPTO);
    var root = MATERIAL.root().pair().orElseThrow();
    var issuing = mint.newIssuing(root, Authorities.NOW);
    var renewed = Authorities.authority(CaMaterial.of(root, issuing), CRYPTO);

    assertThat(LeafRenewal.due(held, WISH, Optional.of(renewed), Authorities.NOW))
        .contains(Reason.IssuerChanged);
  }

  @Test
  void withoutAnAuthorityNobodyMissesItsSignature() {
    assertThat(LeafRenewal.due(held, WISH, Optional.empty(), Authorities.NOW)).isEmpty();
    assertThat(LeafRenewal.due(held, WISH, Optional.empty(), Authorities.NOW.plus(DAY)))
        .contains(Reason.Expired);
  }

  private Optional<Reason> now(LeafWish wish) {
    return due(held, wish, Authorities.NOW);
  }

  private static Optional<Reason> due(HeldLeaf held, LeafWish wish, Instant now) {
    return LeafRenewal.due(held, wish, Optional.of(AUTHORITY), now);
  }

  private static HeldLeaf issued(LeafWish wish, Instant now) {
    var key = FreshKey.of(wish.keyType(), CRYPTO);
    var order = new LeafOrder(key.certifiable(), wish.spiffeId(), List.of(), wish.lifetime(), now);
    var files = key.with(Authorities.issued(AUTHORITY.issue(order)));
    return ((HeldLeaf.Reading.Sound) HeldLeaf.read(files)).leaf();
  }
}
