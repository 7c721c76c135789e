package dev.portcullis.operator.identity;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.pkcs.CertificationRequest;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * The one thing that is taken from a certificate request: its public key. Subject, extensions and
 * attributes are never read, so nothing that a requester writes there can reach a certificate.
 */
public sealed interface SigningRequest {

  /** Largest request that is looked at, in bytes; the API server's own bound. */
  int MAX_BYTES = 10 * 1024;

  /** A key that the requester holds, of a type that is certified. */
  record Acceptable(CertifiableKey key) implements SigningRequest {}

  /** A key of another type; {@code found} names it. */
  record UnsupportedKey(String found) implements SigningRequest {}

  /** Not a request, or its signature does not prove possession of its key. */
  record Malformed(String reason) implements SigningRequest {}

  /** Reads a PKCS #10 request (DER) and checks its signature. */
  static SigningRequest ofPkcs10(byte[] der, CryptoProvider crypto) {
    if (der.length == 0 || der.length > MAX_BYTES) {
      return new Malformed("a request must have 1 to " + MAX_BYTES + " bytes");
    }
    try {
      var request = CertificationRequest.getInstance(der);
      var key = request.getCertificationRequestInfo().getSubjectPublicKeyInfo();
      return switch (ofKey(key)) {
        case Acceptable acceptable -> ifSigned(request, acceptable, crypto);
        case UnsupportedKey unsupported -> unsupported;
        case Malformed malformed -> malformed;
      };
    } catch (IllegalArgumentException | IllegalStateException | ClassCastException e) {
      return new Malformed("not a PKCS #10 request");
    }
  }

  /** Reads a bare public key (DER), whose possession the API server has checked already. */
  static SigningRequest ofPublicKey(byte[] der) {
    if (der.length == 0 || der.length > MAX_BYTES) {
      return new Malformed("a public key must have 1 to " + MAX_BYTES + " bytes");
    }
    try {
      return ofKey(SubjectPublicKeyInfo.getInstance(der));
    } catch (IllegalArgumentException | IllegalStateException | ClassCastException e) {
      return new Malformed("not a public key");
    }
  }

  private static SigningRequest ofKey(SubjectPublicKeyInfo key) {
    var type = LeafKey.of(key);
    if (type.isPresent() && type.get().isCertified()) {
      return new Acceptable(new CertifiableKey(type.get(), key));
    }
    return new UnsupportedKey(
        type.map(LeafKey::name).orElseGet(() -> key.getAlgorithm().getAlgorithm().getId()));
  }

  private static SigningRequest ifSigned(
      CertificationRequest request, Acceptable acceptable, CryptoProvider crypto) {
    var scheme = SignatureScheme.of(request.getSignatureAlgorithm());
    if (scheme.isEmpty()) {
      return new Malformed("its signature algorithm is not known");
    }
    try {
      var signature = crypto.signature(scheme.get());
      signature.initVerify(publicKey(acceptable.key(), crypto));
      signature.update(request.getCertificationRequestInfo().getEncoded(ASN1Encoding.DER));
      return signature.verify(request.getSignature().getOctets())
          ? acceptable
          : new Malformed("its signature does not prove possession of its key");
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      return new Malformed("its signature could not be checked: " + e.getMessage());
    }
  }

  private static PublicKey publicKey(CertifiableKey key, CryptoProvider crypto)
      throws GeneralSecurityException, IOException {
    return crypto
        .keyFactory(key.type().jcaFamily())
        .generatePublic(new X509EncodedKeySpec(key.info().getEncoded(ASN1Encoding.DER)));
  }
}
