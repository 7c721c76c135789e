package dev.portcullis.operator.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS that trusts the certificates of one file and no others. */
final class Trust {

  private Trust() {}

  /** Reads a file of PEM certificates. */
  static SSLContext of(Path pem) throws IOException, GeneralSecurityException {
    var anchors = KeyStore.getInstance(KeyStore.getDefaultType());
    anchors.load(null, null);
    try (var file = Files.newInputStream(pem)) {
      for (var anchor : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
        anchors.setCertificateEntry("anchor-" + anchors.size(), anchor);
      }
    }
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(anchors);
    var context = SSLContext.getInstance("TLSv1.3");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
