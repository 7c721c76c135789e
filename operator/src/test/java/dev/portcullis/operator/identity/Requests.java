package dev.portcullis.operator.identity;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Certificate requests as a kubelet, and as an attacker, would make them. */
public final class Requests {

  private Requests() {}

  /** An empty PKCS #10 request for a fresh key of the type that Kubernetes names so. */
  public static byte[] empty(String keyType) {
    return empty(key(keyType));
  }

  /** An empty PKCS #10 request, signed by the key it is for. */
  public static byte[] empty(KeyPair keys) {
    return signed(
        new JcaPKCS10CertificationRequestBuilder(new X500Name(new RDN[0]), keys.getPublic()), keys);
  }

  /** A request that asks to be a CA, with another workload's name. */
  static byte[] greedy(KeyPair keys) {
    try {
      var extensions = new ExtensionsGenerator();
      extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(3));
      extensions.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              new GeneralName[] {
                new GeneralName(
                    GeneralName.uniformResourceIdentifier,
                    "spiffe://cluster.local/ns/bank/sa/vault"),
                new GeneralName(GeneralName.dNSName, "vault.bank.svc")
              }));
      var builder =
          new JcaPKCS10CertificationRequestBuilder(
              new X500Name("CN=vault,O=system:masters"), keys.getPublic());
      builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
      return signed(builder, keys);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A request for one key that is signed by another. */
  static byte[] forged() {
    var builder =
        new JcaPKCS10CertificationRequestBuilder(
            new X500Name("CN=x"), key("ECDSAP256").getPublic());
    return signed(builder, key("ECDSAP256"));
  }

  /** A fresh key of the type that Kubernetes names so. */
  public static KeyPair key(String keyType) {
    return switch (keyType) {
      case "ECDSAP256" -> ec("secp256r1");
      case "ECDSAP384" -> ec("secp384r1");
      case "ECDSAP521" -> ec("secp521r1");
      case "ED25519" -> generate("Ed25519", 255);
      default -> generate("RSA", Integer.parseInt(keyType.substring("RSA".length())));
    };
  }

  private static byte[] signed(JcaPKCS10CertificationRequestBuilder builder, KeyPair keys) {
    var algorithm =
        switch (keys.getPublic().getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> "Ed25519";
        };
    try {
      return builder
          .build(new JcaContentSignerBuilder(algorithm).build(keys.getPrivate()))
          .getEncoded();
    } catch (org.bouncycastle.operator.OperatorCreationException | java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyPair ec(String curve) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyPair generate(String algorithm, int bits) {
    try {
      var generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
