package dev.portcullis.operator.identity;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * Key types of leaves, by the names that Kubernetes gives them. Those that are not offered are
 * known, so that a refusal can name them, but never certified.
 */
public enum LeafKey {
  ECDSAP256("EC", Service.SERVED),
  ECDSAP384("EC", Service.SERVED),
  RSA3072("RSA", Service.SERVED),
  RSA4096("RSA", Service.SERVED),
  /** Only peers that name it among their signature algorithms take it; ours do. */
  ED25519("Ed25519", Service.SERVED),
  /** No more secure in practice than P-384, and taken by fewer peers. */
  ECDSAP521("EC", Service.REFUSED);

  private enum Service {
    SERVED,
    REFUSED
  }

  private final String jcaFamily;
  private final Service service;

  LeafKey(String jcaFamily, Service service) {
    this.jcaFamily = jcaFamily;
    this.service = service;
  }

  /** Whether the authority certifies keys of this type. */
  public boolean isCertified() {
    return service == Service.SERVED;
  }

  String jcaFamily() {
    return jcaFamily;
  }

  /** The type of a key; empty for all that is none of these, weaker RSA included. */
  static Optional<LeafKey> of(SubjectPublicKeyInfo key) {
    var algorithm = key.getAlgorithm().getAlgorithm();
    if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      return ofCurve(key);
    }
    if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
      return ofModulus(key);
    }
    return algorithm.equals(EdECObjectIdentifiers.id_Ed25519)
        ? Optional.of(ED25519)
        : Optional.empty();
  }

  private static Optional<LeafKey> ofCurve(SubjectPublicKeyInfo key) {
    if (!(key.getAlgorithm().getParameters() instanceof ASN1ObjectIdentifier curve)) {
      return Optional.empty();
    }
    if (curve.equals(X9ObjectIdentifiers.prime256v1)) {
      return Optional.of(ECDSAP256);
    }
    if (curve.equals(SECObjectIdentifiers.secp384r1)) {
      return Optional.of(ECDSAP384);
    }
    return curve.equals(SECObjectIdentifiers.secp521r1) ? Optional.of(ECDSAP521) : Optional.empty();
  }

  private static Optional<LeafKey> ofModulus(SubjectPublicKeyInfo key) {
    return switch (modulus(key).bitLength()) {
      case 3072 -> Optional.of(RSA3072);
      case 4096 -> Optional.of(RSA4096);
      default -> Optional.empty();
    };
  }

  private static BigInteger modulus(SubjectPublicKeyInfo key) {
    try {
      return RSAPublicKey.getInstance(key.parsePublicKey()).getModulus();
    } catch (IOException | IllegalArgumentException e) {
      return BigInteger.ZERO;
    }
  }
}
