package dev.portcullis.operator.identity;

import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** A key that the operator makes for somebody who cannot. */
public final class FreshKey {

  private final CertifiableKey certifiable;
  private final String pem;

  private FreshKey(CertifiableKey certifiable, String pem) {
    this.certifiable = certifiable;
    this.pem = pem;
  }

  /** A new key of a type that the authority certifies. */
  public static FreshKey of(LeafKey type, CryptoProvider crypto) {
    var keys = crypto.newKey(type);
    var info = SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
    return new FreshKey(
        new CertifiableKey(type, info), Pem.privateKey(keys.getPrivate().getEncoded()));
  }

  /** What an order names. */
  public CertifiableKey certifiable() {
    return certifiable;
  }

  /** With the certificate that was issued for it. */
  public LeafFiles with(Leaf leaf) {
    return new LeafFiles(leaf.chain(), pem);
  }
}
