package dev.portcullis.bootstrap.command;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** HTTP/1.1 by hand, so that nothing is retried, followed or hidden. */
final class Wire {

  private static final int TIMEOUT_MILLIS = 5000;

  private Wire() {}

  /** The whole answer to one request, or an empty text when there was none. */
  static String exchange(Socket socket, String method, String target) throws IOException {
    socket.setSoTimeout(TIMEOUT_MILLIS);
    var request = method + " " + target + " HTTP/1.1\r\nHost: pod\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  static String get(String host, int port, String target) throws IOException {
    try (var socket = connect(host, port)) {
      return exchange(socket, "GET", target);
    }
  }

  /** The status of a GET; 0 when nothing answered. */
  static int status(String host, int port, String target) {
    try {
      var answer = get(host, port, target);
      return answer.isEmpty() ? 0 : Integer.parseInt(answer.split(" ", 3)[1]);
    } catch (IOException e) {
      return 0;
    }
  }

  static Socket connect(String host, int port) throws IOException {
    var socket = new Socket();
    socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
    return socket;
  }

  /** A TLS client that has the credential and trusts the root, whatever the host's name. */
  static SSLSocketFactory tls(TestPki pki, TestPki.Credential credential) throws Exception {
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(credential.keyStore(), new char[0]);
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(pki.trustStore());
    var context = SSLContext.getInstance("TLSv1.3");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context.getSocketFactory();
  }
}
