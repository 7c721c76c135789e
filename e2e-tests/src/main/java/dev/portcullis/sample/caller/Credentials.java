package dev.portcullis.sample.caller;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** The caller's own certificate, if it shows one, and the roots by which it judges the server. */
sealed interface Credentials {

  /** Shows no certificate. */
  record Anonymous(Path trustBundle) implements Credentials {}

  /** Shows the certificate of a kubelet's credential bundle: key first, then the chain. */
  record Bundle(Path trustBundle, Path credentialBundle) implements Credentials {}

  Path trustBundle();

  /** Reads the files anew: a renewed certificate is used by the next connection. */
  default SSLContext context() throws IOException, GeneralSecurityException {
    var context = SSLContext.getInstance("TLSv1.3");
    context.init(keys(), trust(), null);
    return context;
  }

  private KeyManager[] keys() throws IOException, GeneralSecurityException {
    return switch (this) {
      case Anonymous _ -> new KeyManager[0];
      case Bundle bundle -> keys(Files.readString(bundle.credentialBundle));
    };
  }

  private static KeyManager[] keys(String pem) throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    var chain = certificates(pem).toArray(Certificate[]::new);
    store.setKeyEntry("self", privateKey(pem, chain[0]), new char[0], chain);
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private TrustManager[] trust() throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    var roots = certificates(Files.readString(trustBundle()));
    for (var i = 0; i < roots.size(); i++) {
      store.setCertificateEntry("root-" + i, roots.get(i));
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static PrivateKey privateKey(String pem, Certificate leaf)
      throws GeneralSecurityException {
    var matcher =
        Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----").matcher(pem);
    if (!matcher.find()) {
      throw new GeneralSecurityException("no PKCS#8 private key in the credential bundle");
    }
    var der = Base64.getMimeDecoder().decode(matcher.group(1));
    return KeyFactory.getInstance(leaf.getPublicKey().getAlgorithm())
        .generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  private static List<Certificate> certificates(String pem) throws GeneralSecurityException {
    var onlyCertificates = pem.substring(pem.indexOf("-----BEGIN CERTIFICATE-----"));
    return List.copyOf(
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(onlyCertificates.getBytes(StandardCharsets.US_ASCII))));
  }
}
