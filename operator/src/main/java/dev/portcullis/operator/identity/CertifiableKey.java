package dev.portcullis.operator.identity;

import java.security.PublicKey;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** A public key that has passed {@link SigningRequest}, or one that the operator made itself. */
public final class CertifiableKey {

  private final LeafKey type;
  private final SubjectPublicKeyInfo info;

  CertifiableKey(LeafKey type, SubjectPublicKeyInfo info) {
    this.type = type;
    this.info = info;
  }

  static CertifiableKey ownP256(PublicKey key) {
    return new CertifiableKey(
        LeafKey.ECDSAP256, SubjectPublicKeyInfo.getInstance(key.getEncoded()));
  }

  /** Its type, in the words of Kubernetes. */
  public LeafKey type() {
    return type;
  }

  SubjectPublicKeyInfo info() {
    return info;
  }
}
