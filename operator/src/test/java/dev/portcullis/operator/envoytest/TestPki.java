package dev.portcullis.operator.envoytest;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** A certificate authority of a test's own: root, issuing and leaves, right ones and wrong ones. */
public final class TestPki {

  private final Credential root;
  private final Credential issuing;
  private final Issuer issuer;

  /** A key with its chain, leaf first, without the root. */
  public record Credential(PrivateKey key, List<X509Certificate> chain) {

    public X509Certificate certificate() {
      return chain.getFirst();
    }

    /** The kubelet's layout: key first, then the chain, in one file. */
    public String bundle() {
      return privateKey() + certificates();
    }

    /** PKCS #8, in PEM. */
    public String privateKey() {
      return pem(key);
    }

    public String certificates() {
      var text = new StringBuilder();
      chain.forEach(certificate -> text.append(pem(certificate)));
      return text.toString();
    }
  }

  private TestPki(Credential root, Credential issuing, Issuer issuer) {
    this.root = root;
    this.issuing = issuing;
    this.issuer = issuer;
  }

  /** A new authority that nobody else trusts. */
  public static TestPki create() {
    return create("");
  }

  /** One with names of its own; without any, all have the same. */
  public static TestPki create(String prefix) {
    return create(prefix, KeyIdentifiers.THERE);
  }

  /** One whose certificates tell their issuers by name alone. */
  public static TestPki withoutKeyIdentifiers() {
    return create("", KeyIdentifiers.LEFT_OUT);
  }

  private enum KeyIdentifiers {
    THERE,
    LEFT_OUT
  }

  /** Who signs, and whether the certificate says by which key. */
  private record Issuer(X500Name name, KeyPair key, KeyIdentifiers identifiers) {}

  private static TestPki create(String prefix, KeyIdentifiers identifiers) {
    var rootKey = newKey();
    var self = new Issuer(new X500Name("CN=" + prefix + "root"), rootKey, identifiers);
    var root = sign(LeafShape.authority(prefix + "root"), rootKey, self);
    var issuingKey = newKey();
    var issuing = sign(LeafShape.authority(prefix + "issuing"), issuingKey, self);
    return new TestPki(
        new Credential(rootKey.getPrivate(), List.of(root)),
        new Credential(issuingKey.getPrivate(), List.of(issuing)),
        new Issuer(new X500Name("CN=" + prefix + "issuing"), issuingKey, identifiers));
  }

  /** The root in PEM: what relying parties trust. */
  public String trustBundle() {
    return root.certificates();
  }

  /** Root and issuing CA in PEM. */
  public String authorities() {
    return root.certificates() + issuing.certificates();
  }

  /** The issuing CA in PEM. */
  public String issuingAuthority() {
    return issuing.certificates();
  }

  public X509Certificate issuingCertificate() {
    return issuing.certificate();
  }

  /** A CRL of the root, good for an hour. */
  public String listOfRoot(X509Certificate... revoked) {
    return list(new ListShape(root, Duration.ofHours(-1), Duration.ofHours(1)), revoked);
  }

  /** A CRL of the issuing CA, good for an hour. */
  public String listOfIssuing(X509Certificate... revoked) {
    return list(new ListShape(issuing, Duration.ofHours(-1), Duration.ofHours(1)), revoked);
  }

  /** A CRL of the issuing CA that should have been replaced. */
  public String staleListOfIssuing() {
    return list(new ListShape(issuing, Duration.ofHours(-2), Duration.ofHours(-1)));
  }

  /** A CRL of the issuing CA that will be good some day. */
  public String earlyListOfIssuing() {
    return list(new ListShape(issuing, Duration.ofHours(1), Duration.ofHours(2)));
  }

  private record ListShape(Credential signer, Duration from, Duration to) {}

  private static String list(ListShape shape, X509Certificate... revoked) {
    var now = Instant.now();
    try {
      var builder =
          new JcaX509v2CRLBuilder(
              shape.signer().certificate().getSubjectX500Principal(),
              Date.from(now.plus(shape.from())));
      builder.setNextUpdate(Date.from(now.plus(shape.to())));
      for (var certificate : revoked) {
        builder.addCRLEntry(certificate.getSerialNumber(), Date.from(now), CRLReason.keyCompromise);
      }
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils()
              .createAuthorityKeyIdentifier(shape.signer().certificate().getPublicKey()));
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(shape.signer().key());
      return pem(new JcaX509CRLConverter().getCRL(builder.build(signer)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  public X509Certificate rootCertificate() {
    return root.certificate();
  }

  /** A well-made leaf for one SPIFFE id. */
  public Credential issue(String uri) {
    return issue(LeafShape.of(uri));
  }

  /** A leaf of any shape, signed properly. */
  public Credential issue(LeafShape shape) {
    return issue(shape, newKey());
  }

  /** For a key of the holder's own. */
  public Credential issue(LeafShape shape, KeyPair key) {
    var leaf = sign(shape, key, issuer);
    return new Credential(key.getPrivate(), List.of(leaf, issuing.certificate()));
  }

  /** A leaf that somebody signs who holds no more than a leaf. */
  public static Credential issueBelow(Credential signer, LeafShape shape) {
    var key = newKey();
    var name = new X500Name(signer.certificate().getSubjectX500Principal().getName());
    var chain = new ArrayList<X509Certificate>();
    chain.add(sign(shape, key, new Issuer(name, pairOf(signer), KeyIdentifiers.THERE)));
    chain.addAll(signer.chain());
    return new Credential(key.getPrivate(), chain);
  }

  /** A leaf that vouches for itself. */
  public static Credential selfSigned(LeafShape shape) {
    var key = newKey();
    var name = new X500Name("CN=" + shape.commonName());
    return new Credential(
        key.getPrivate(), List.of(sign(shape, key, new Issuer(name, key, KeyIdentifiers.THERE))));
  }

  /** The issuing CA, as whoever has stolen it would show it. */
  public Credential issuing() {
    return issuing;
  }

  /** What a certificate says, true or not. */
  public record LeafShape(
      String commonName,
      List<GeneralName> names,
      List<org.bouncycastle.asn1.x509.KeyPurposeId> purposes,
      Instant notBefore,
      Instant notAfter,
      BasicConstraints constraints) {

    private static final List<org.bouncycastle.asn1.x509.KeyPurposeId> BOTH =
        List.of(
            org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_clientAuth,
            org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_serverAuth);

    /** A sound leaf with these URI names. */
    public static LeafShape of(String... uris) {
      return named(
          "leaf",
          java.util.Arrays.stream(uris)
              .map(uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri))
              .toList());
    }

    /** A sound leaf with any names. */
    public static LeafShape named(String commonName, List<GeneralName> names) {
      var now = Instant.now();
      return new LeafShape(
          commonName,
          names,
          BOTH,
          now.minus(Duration.ofMinutes(5)),
          now.plus(Duration.ofHours(1)),
          new BasicConstraints(false));
    }

    static LeafShape authority(String commonName) {
      return named(commonName, List.of()).withConstraints(new BasicConstraints(true));
    }

    public LeafShape valid(Instant from, Instant to) {
      return new LeafShape(commonName, names, purposes, from, to, constraints);
    }

    public LeafShape withPurposes(org.bouncycastle.asn1.x509.KeyPurposeId... only) {
      return new LeafShape(commonName, names, List.of(only), notBefore, notAfter, constraints);
    }

    public LeafShape withConstraints(BasicConstraints other) {
      return new LeafShape(commonName, names, purposes, notBefore, notAfter, other);
    }
  }

  private static X509Certificate sign(LeafShape shape, KeyPair subject, Issuer issuer) {
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              issuer.name(),
              new BigInteger(64, new SecureRandom()),
              Date.from(shape.notBefore()),
              Date.from(shape.notAfter()),
              new X500Name("CN=" + shape.commonName()),
              subject.getPublic());
      builder.addExtension(Extension.basicConstraints, true, shape.constraints());
      if (!shape.constraints().isCA() && !shape.purposes().isEmpty()) {
        var purposes = shape.purposes().toArray(org.bouncycastle.asn1.x509.KeyPurposeId[]::new);
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
      }
      if (!shape.names().isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(shape.names().toArray(GeneralName[]::new)));
      }
      if (issuer.identifiers() == KeyIdentifiers.THERE) {
        var identifiers = new JcaX509ExtensionUtils();
        builder.addExtension(
            Extension.subjectKeyIdentifier,
            false,
            identifiers.createSubjectKeyIdentifier(subject.getPublic()));
        builder.addExtension(
            Extension.authorityKeyIdentifier,
            false,
            identifiers.createAuthorityKeyIdentifier(issuer.key().getPublic()));
      }
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.key().getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair pairOf(Credential credential) {
    return new KeyPair(credential.certificate().getPublicKey(), credential.key());
  }

  private static KeyPair newKey() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PemObject pkcs8(PrivateKey key) {
    return new PemObject("PRIVATE KEY", key.getEncoded());
  }

  private static String pem(Object value) {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(value instanceof PrivateKey key ? pkcs8(key) : value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
