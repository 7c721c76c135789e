package dev.portcullis.operator.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerTrustTest {

  /** Chains are checked by the machine's own clock. */
  private final Instant now = Instant.now();

  @Test
  void twoRootsOfOneSerialNumberAreTwoRoots() {
    // Given
    var one = BroughtCa.root(now, 1);
    var other = BroughtCa.root(now, 1);
    assertThat(one.certificate().getSerialNumber())
        .isEqualTo(other.certificate().getSerialNumber());

    // When
    var trust = trusting(one, other);

    // Then the certificates of either are accepted
    assertThat(trust.getAcceptedIssuers())
        .containsExactlyInAnyOrder(one.certificate(), other.certificate());
    assertThatCode(() -> trust.checkServerTrusted(leafOf(one), "UNKNOWN"))
        .doesNotThrowAnyException();
    assertThatCode(() -> trust.checkServerTrusted(leafOf(other), "UNKNOWN"))
        .doesNotThrowAnyException();
  }

  @Test
  void aRootOfATrustedOnesNameAndSerialNumberIsNotTrusted() {
    var trust = trusting(BroughtCa.root(now, 1));

    assertThatThrownBy(() -> trust.checkServerTrusted(leafOf(BroughtCa.root(now, 1)), "UNKNOWN"))
        .isInstanceOf(CertificateException.class);
  }

  private static PeerTrust trusting(BroughtCa... roots) {
    return new PeerTrust(
        new TrustBundle(List.of(roots).stream().map(BroughtCa::certificate).toList()),
        Authorities.ORDERS);
  }

  private X509Certificate[] leafOf(BroughtCa brought) {
    var crypto = CryptoProvider.fastest();
    var root = new SigningPair(brought.certificate(), brought.keys().getPrivate());
    var mint = new CaMint(Authorities.DOMAIN, crypto);
    var authority = Authorities.authority(CaMaterial.of(root, mint.newIssuing(root, now)), crypto);
    var order =
        new LeafOrder(
            FreshKey.of(LeafKey.ECDSAP256, crypto).certifiable(),
            Authorities.ORDERS,
            List.of(),
            Duration.ofHours(24),
            now);
    var leaf = Authorities.issued(authority.issue(order));
    return TrustBundle.ofPem(leaf.chain()).roots().toArray(X509Certificate[]::new);
  }
}
