package dev.portcullis.operator.whole;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A workload that calls, with a certificate of its own. It does not care whom it reaches. */
record Caller(SSLContext tls) {

  private static final int TIMEOUT = 3000;

  static Caller with(String credentialBundle) {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      var chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(
                      credentialBundle
                          .substring(credentialBundle.indexOf("-----BEGIN CERTIFICATE"))
                          .getBytes(StandardCharsets.US_ASCII)))
              .toArray(Certificate[]::new);
      var key = credentialBundle.substring(0, credentialBundle.indexOf("-----END PRIVATE KEY"));
      var bytes = Base64.getMimeDecoder().decode(key.replace("-----BEGIN PRIVATE KEY-----", ""));
      store.setKeyEntry(
          "own",
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes)),
          new char[0],
          chain);
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, new char[0]);
      var context = SSLContext.getInstance("TLSv1.3");
      context.init(keys.getKeyManagers(), new TrustManager[] {new Anyone()}, null);
      return new Caller(context);
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A connection to a gate, to be kept. */
  SSLSocket connect(String address) throws IOException {
    var plain = new Socket();
    plain.connect(new InetSocketAddress(address, 8443), TIMEOUT);
    plain.setSoTimeout(TIMEOUT);
    var socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, address, 8443, true);
    socket.startHandshake();
    return socket;
  }

  /** Status of a GET on a new connection, or 0 where there is no answer. */
  int get(String address, String path) {
    return get(new InetSocketAddress(address, 8443), path);
  }

  /** The same at another port than the gate's. */
  int get(InetSocketAddress address, String path) {
    try (var plain = new Socket()) {
      plain.connect(address, TIMEOUT);
      plain.setSoTimeout(TIMEOUT);
      try (var socket =
          (SSLSocket)
              tls.getSocketFactory()
                  .createSocket(plain, address.getHostString(), address.getPort(), true)) {
        var request = "GET " + path + " HTTP/1.1\r\nHost: backend\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
      }
    } catch (IOException refused) {
      return 0;
    }
  }

  private static final class Anyone implements X509TrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
