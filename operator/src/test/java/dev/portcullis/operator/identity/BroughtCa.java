package dev.portcullis.operator.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** CAs as somebody else's tools make them, right and wrong. */
public record BroughtCa(X509Certificate certificate, KeyPair keys) {

  private static final AlgorithmIdentifier SHA1_WITH_RSA =
      new AlgorithmIdentifier(PKCSObjectIdentifiers.sha1WithRSAEncryption, DERNull.INSTANCE);

  private static final AlgorithmIdentifier ECDSA_WITH_SHA384 =
      new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA384);

  /** What may be wrong with one. */
  record Plan(KeyPair keys, Instant from, Instant until, List<Extension> extensions) {

    Plan valid(Instant from, Instant until) {
      return new Plan(keys, from, until, extensions);
    }

    Plan with(Extension... extensions) {
      return new Plan(keys, from, until, List.of(extensions));
    }

    Plan of(KeyPair keys) {
      return new Plan(keys, from, until, extensions);
    }
  }

  static Plan plan(Instant now) {
    return new Plan(
        ec("secp384r1"),
        now.minus(Duration.ofDays(1)),
        now.plus(Duration.ofDays(365)),
        List.of(ExtensionOf.caConstraints(1), ExtensionOf.CA_USAGE));
  }

  /** A root of a year. */
  public static BroughtCa root(Instant now) {
    return root(plan(now));
  }

  static BroughtCa root(Plan plan) {
    return new BroughtCa(
        sign("CN=Corporate root", "CN=Corporate root", plan.keys, plan), plan.keys);
  }

  /** One below this one. */
  public BroughtCa issuing(Instant now) {
    return issuing(plan(now).with(ExtensionOf.caConstraints(0), ExtensionOf.CA_USAGE));
  }

  BroughtCa issuing(Plan plan) {
    return new BroughtCa(sign("CN=Corporate root", "CN=Corporate issuing", keys, plan), plan.keys);
  }

  /** A root that has signed itself as nobody should any more. */
  static BroughtCa sha1Root(Instant now) {
    return selfSigned(plan(now).of(rsa(3072)), new Hand(SHA1_WITH_RSA, "SHA1withRSA", 1));
  }

  /** A root with this serial number. */
  static BroughtCa root(Instant now, long serialNumber) {
    return selfSigned(plan(now), new Hand(ECDSA_WITH_SHA384, "SHA384withECDSA", serialNumber));
  }

  /** How one signs that our own code would not make. */
  private record Hand(AlgorithmIdentifier identifier, String algorithm, long serialNumber) {}

  private static BroughtCa selfSigned(Plan plan, Hand hand) {
    var name = new X500Name("CN=Corporate root");
    var draft = new V3TBSCertificateGenerator();
    draft.setSerialNumber(new ASN1Integer(hand.serialNumber));
    draft.setSignature(hand.identifier);
    draft.setIssuer(name);
    draft.setSubject(name);
    draft.setStartDate(new Time(Date.from(plan.from)));
    draft.setEndDate(new Time(Date.from(plan.until)));
    draft.setSubjectPublicKeyInfo(info(plan.keys));
    draft.setExtensions(new Extensions(plan.extensions.toArray(Extension[]::new)));
    try {
      var body = draft.generateTBSCertificate();
      var signature = Signature.getInstance(hand.algorithm);
      signature.initSign(plan.keys.getPrivate());
      signature.update(body.getEncoded(ASN1Encoding.DER));
      var parts = new ASN1Encodable[] {body, hand.identifier, new DERBitString(signature.sign())};
      return new BroughtCa(
          CaMint.parse(new DERSequence(parts).getEncoded(ASN1Encoding.DER)), plan.keys);
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  /** {@code tls.crt} and {@code tls.key}. */
  public Map<String, byte[]> files() {
    var files = new HashMap<String, byte[]>();
    files.put("tls.crt", pem(certificate));
    files.put("tls.key", Pem.privateKey(keys.getPrivate().getEncoded()).getBytes(US_ASCII));
    return files;
  }

  /** The same, with a root as {@code ca.crt}. */
  public Map<String, byte[]> files(BroughtCa root) {
    var files = files();
    files.put("ca.crt", pem(root.certificate));
    return files;
  }

  static KeyPair ec(String curve) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static KeyPair rsa(int bits) {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] pem(X509Certificate certificate) {
    return new TrustBundle(List.of(certificate)).pem().getBytes(US_ASCII);
  }

  private static X509Certificate sign(String issuer, String subject, KeyPair signer, Plan plan) {
    var crypto = CryptoProvider.plainJdk();
    var scheme = SignatureScheme.forIssuer(signer.getPublic());
    var certifier =
        new Certifier(
            new X500Name(issuer),
            info(signer),
            Certifier.IssuerKey.of(signer.getPrivate(), scheme, crypto));
    return CaMint.parse(
        certifier.certify(
            new Certifier.Body(
                new X500Name(subject), plan.from, plan.until, info(plan.keys), plan.extensions)));
  }

  private static SubjectPublicKeyInfo info(KeyPair keys) {
    return SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
  }
}
