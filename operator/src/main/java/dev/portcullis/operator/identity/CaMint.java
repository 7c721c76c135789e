package dev.portcullis.operator.identity;

import java.io.ByteArrayInputStream;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * Makes roots (P-384, ten years) and issuing CAs (P-384, ninety days, path length 0, confined to
 * one trust domain).
 */
public final class CaMint {

  static final Duration ROOT_LIFETIME = Duration.ofDays(3650);
  static final Duration ISSUING_LIFETIME = Duration.ofDays(90);

  /** CAs are backdated further than leaves: nothing checks it, and it forgives skewed clocks. */
  private static final Duration BACKDATED = Duration.ofHours(1);

  private static final X500Name ROOT_NAME = new X500Name("O=Portcullis,CN=Portcullis root CA");
  private static final X500Name ISSUING_NAME =
      new X500Name("O=Portcullis,CN=Portcullis issuing CA");

  private final TrustDomain trustDomain;
  private final CryptoProvider crypto;

  public CaMint(TrustDomain trustDomain, CryptoProvider crypto) {
    this.trustDomain = trustDomain;
    this.crypto = crypto;
  }

  /** A new root and its first issuing CA. */
  public CaMaterial newAuthority(Instant now) {
    var root = newRoot(now);
    return CaMaterial.of(root, newIssuing(root, now));
  }

  /** A further issuing CA under a root; never outlives it. */
  public SigningPair newIssuing(SigningPair root, Instant now) {
    var keys = crypto.newKey(CryptoProvider.Curve.P384);
    var rootEnd = root.certificate().getNotAfter().toInstant();
    var end = seconds(now.plus(ISSUING_LIFETIME));
    var body =
        new Certifier.Body(
            ISSUING_NAME,
            seconds(now.minus(BACKDATED)),
            end.isAfter(rootEnd) ? rootEnd : end,
            info(keys.getPublic()),
            List.of(
                ExtensionOf.caConstraints(0),
                ExtensionOf.CA_USAGE,
                ExtensionOf.nameConstraints(trustDomain)));
    return new SigningPair(parse(certifier(root, crypto).certify(body)), keys.getPrivate());
  }

  private SigningPair newRoot(Instant now) {
    var keys = crypto.newKey(CryptoProvider.Curve.P384);
    var body =
        new Certifier.Body(
            ROOT_NAME,
            seconds(now.minus(BACKDATED)),
            seconds(now.plus(ROOT_LIFETIME)),
            info(keys.getPublic()),
            List.of(ExtensionOf.caConstraints(1), ExtensionOf.CA_USAGE));
    return new SigningPair(parse(selfCertifier(keys).certify(body)), keys.getPrivate());
  }

  private Certifier selfCertifier(KeyPair keys) {
    var scheme = SignatureScheme.forIssuer(keys.getPublic());
    return new Certifier(
        ROOT_NAME,
        info(keys.getPublic()),
        Certifier.IssuerKey.of(keys.getPrivate(), scheme, crypto));
  }

  static Certifier certifier(SigningPair issuer, CryptoProvider crypto) {
    var key = issuer.certificate().getPublicKey();
    return new Certifier(
        X500Name.getInstance(issuer.certificate().getSubjectX500Principal().getEncoded()),
        info(key),
        Certifier.IssuerKey.of(issuer.key(), SignatureScheme.forIssuer(key), crypto));
  }

  static X509Certificate parse(byte[] der) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new IllegalArgumentException("not an X.509 certificate", e);
    }
  }

  private static SubjectPublicKeyInfo info(PublicKey key) {
    return SubjectPublicKeyInfo.getInstance(key.getEncoded());
  }

  private static Instant seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS);
  }
}
