package dev.portcullis.operator.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Authorities and orders for tests. */
final class Authorities {

  static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
  static final String ORDERS = "spiffe://cluster.local/ns/shop/sa/orders";

  private Authorities() {}

  static CaMaterial material() {
    return new CaMint(DOMAIN, CryptoProvider.fastest()).newAuthority(NOW);
  }

  static CertificateAuthority authority() {
    return authority(material(), CryptoProvider.fastest());
  }

  static CertificateAuthority authority(CaMaterial material, CryptoProvider crypto) {
    return new CertificateAuthority(material, DOMAIN, crypto);
  }

  static LeafOrder order(byte[] request) {
    return new LeafOrder(acceptable(request), ORDERS, List.of(), Duration.ofHours(24), NOW);
  }

  static CertifiableKey acceptable(byte[] request) {
    return ((SigningRequest.Acceptable) SigningRequest.ofPkcs10(request, CryptoProvider.plainJdk()))
        .key();
  }

  static Leaf issued(Issuance issuance) {
    return ((Issuance.Issued) issuance).leaf();
  }
}
