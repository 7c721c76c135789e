package dev.portcullis.e2e;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Signed by the installation's own issuing CA, over an hour ago. Only a cluster administrator can
 * do so.
 */
final class ExpiredCertificate {

  private ExpiredCertificate() {}

  /** A credential bundle as the kubelet writes it: key first, then the chain. */
  static String of(KubernetesClient client, String spiffeId) {
    var secret =
        client.secrets().inNamespace(Installation.NAMESPACE).withName("portcullis-ca").get();
    var issuer = decode(secret.getData().get("issuing.crt"));
    try {
      var keys = KeyPairGenerator.getInstance("EC");
      keys.initialize(new ECGenParameterSpec("secp256r1"));
      var pair = keys.generateKeyPair();
      var leaf = sign(spiffeId, pair, issuer, decode(secret.getData().get("issuing.key")));
      return pem("PRIVATE KEY", pair.getPrivate().getEncoded()) + pem("CERTIFICATE", leaf) + issuer;
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] sign(String spiffeId, KeyPair pair, String issuerPem, String keyPem)
      throws GeneralSecurityException, OperatorCreationException, IOException {
    var issuer =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(
                    new ByteArrayInputStream(issuerPem.getBytes(StandardCharsets.US_ASCII)));
    var end = Instant.now().minus(Duration.ofHours(1));
    return new JcaX509v3CertificateBuilder(
            issuer.getSubjectX500Principal(),
            BigInteger.valueOf(System.nanoTime()),
            Date.from(end.minus(Duration.ofHours(1))),
            Date.from(end),
            new X500Principal(""),
            pair.getPublic())
        .addExtension(
            Extension.subjectAlternativeName,
            true,
            new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, spiffeId)))
        .build(new JcaContentSignerBuilder("SHA384withECDSA").build(privateKey(keyPem)))
        .getEncoded();
  }

  private static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    var der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  private static String decode(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
  }

  private static String pem(String type, byte[] der) {
    var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(type, body);
  }
}
