package dev.portcullis.operator.identity;

import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECPublicKey;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** Signature algorithms that the authority signs and verifies with. */
enum SignatureScheme {
  ECDSA_SHA256("SHA256withECDSA", new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256)),
  ECDSA_SHA384("SHA384withECDSA", new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA384)),
  ECDSA_SHA512("SHA512withECDSA", new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA512)),
  RSA_SHA256("SHA256withRSA", rsa(PKCSObjectIdentifiers.sha256WithRSAEncryption)),
  RSA_SHA384("SHA384withRSA", rsa(PKCSObjectIdentifiers.sha384WithRSAEncryption)),
  RSA_SHA512("SHA512withRSA", rsa(PKCSObjectIdentifiers.sha512WithRSAEncryption)),
  ED25519("Ed25519", new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519));

  private final String jcaName;
  private final AlgorithmIdentifier identifier;

  SignatureScheme(String jcaName, AlgorithmIdentifier identifier) {
    this.jcaName = jcaName;
    this.identifier = identifier;
  }

  private static AlgorithmIdentifier rsa(ASN1ObjectIdentifier oid) {
    return new AlgorithmIdentifier(oid, DERNull.INSTANCE);
  }

  String jcaName() {
    return jcaName;
  }

  AlgorithmIdentifier identifier() {
    return identifier;
  }

  static Optional<SignatureScheme> of(AlgorithmIdentifier identifier) {
    return Arrays.stream(values())
        .filter(scheme -> scheme.identifier.getAlgorithm().equals(identifier.getAlgorithm()))
        .findFirst();
  }

  /** The scheme that the holder of this key signs by. */
  static SignatureScheme forIssuer(PublicKey key) {
    return switch (key) {
      case ECKey ec -> ofField(ec.getParams().getCurve().getField().getFieldSize());
      case EdECPublicKey _ -> ED25519;
      default -> RSA_SHA256;
    };
  }

  private static SignatureScheme ofField(int bits) {
    return bits > 384 ? ECDSA_SHA512 : bits > 256 ? ECDSA_SHA384 : ECDSA_SHA256;
  }
}
