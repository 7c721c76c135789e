package dev.portcullis.operator.identity;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;

/** Signs certificates in the name of one issuer. Safe for use by many threads. */
final class Certifier {

  /** What a certificate says; serial and key identifiers are added when it is signed. */
  record Body(
      X500Name subject,
      Instant notBefore,
      Instant notAfter,
      SubjectPublicKeyInfo key,
      List<Extension> extensions) {}

  private static final int SERIAL_BITS = 128;
  private static final int KEY_ID_BYTES = 20;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final X500Name issuer;
  private final Extension authorityKeyId;
  private final SignatureScheme scheme;
  private final PrivateKey key;
  private final CryptoProvider crypto;

  /** The issuer need not have its own certificate yet: a root signs itself this way. */
  Certifier(X500Name issuer, SubjectPublicKeyInfo issuerKey, IssuerKey key) {
    this.issuer = issuer;
    this.authorityKeyId =
        ExtensionOf.encoded(
            Extension.authorityKeyIdentifier, new AuthorityKeyIdentifier(keyId(issuerKey)));
    this.scheme = key.scheme();
    this.key = key.key();
    this.crypto = key.crypto();
  }

  /** A private key in the form that a provider signs fastest with. */
  record IssuerKey(PrivateKey key, SignatureScheme scheme, CryptoProvider crypto) {

    static IssuerKey of(PrivateKey key, SignatureScheme scheme, CryptoProvider crypto) {
      try {
        var spec = new PKCS8EncodedKeySpec(key.getEncoded());
        var own = crypto.keyFactory(key.getAlgorithm()).generatePrivate(spec);
        return new IssuerKey(own, scheme, crypto);
      } catch (GeneralSecurityException e) {
        throw new IllegalArgumentException("not a private key for " + crypto.name(), e);
      }
    }
  }

  /** The certificate, DER. */
  byte[] certify(Body body) {
    var draft = new V3TBSCertificateGenerator();
    draft.setSerialNumber(new ASN1Integer(serial()));
    draft.setSignature(scheme.identifier());
    draft.setIssuer(issuer);
    draft.setStartDate(new Time(Date.from(body.notBefore())));
    draft.setEndDate(new Time(Date.from(body.notAfter())));
    draft.setSubject(body.subject());
    draft.setSubjectPublicKeyInfo(body.key());
    draft.setExtensions(extensions(body));
    try {
      var signed = draft.generateTBSCertificate();
      var signature = new DERBitString(sign(signed.getEncoded(ASN1Encoding.DER)));
      return new DERSequence(new ASN1Encodable[] {signed, scheme.identifier(), signature})
          .getEncoded(ASN1Encoding.DER);
    } catch (IOException e) {
      throw new IllegalStateException("a certificate made here must encode", e);
    }
  }

  private Extensions extensions(Body body) {
    var own = body.extensions();
    var all = own.toArray(new Extension[own.size() + 2]);
    all[own.size()] =
        ExtensionOf.encoded(
            Extension.subjectKeyIdentifier, new SubjectKeyIdentifier(keyId(body.key())));
    all[own.size() + 1] = authorityKeyId;
    return new Extensions(all);
  }

  private byte[] sign(byte[] message) {
    try {
      var signature = crypto.signature(scheme);
      signature.initSign(key);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the issuer's key does not sign", e);
    }
  }

  private static BigInteger serial() {
    return new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1);
  }

  /** RFC 7093, method 1: the leftmost 160 bits of the key's SHA-256. */
  private static byte[] keyId(SubjectPublicKeyInfo key) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return Arrays.copyOf(digest.digest(key.getPublicKeyData().getOctets()), KEY_ID_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
