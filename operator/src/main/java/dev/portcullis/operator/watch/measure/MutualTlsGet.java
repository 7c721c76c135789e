package dev.portcullis.operator.watch.measure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * One GET over mutual TLS, on a new connection.
 *
 * <p>Not the JDK's HTTP client: a workload's certificate names a SPIFFE id and no host, and that
 * client can leave out the check of the host only for the whole process.
 *
 * @param timeout for connecting, and again for each read
 */
record MutualTlsGet(Duration timeout) {

  /** More than the longest of the gate's answers, its counts; what is longer is cut off. */
  private static final int MOST = 256 * 1024;

  /** An answer, and who gave it: the peer's certificate first, then its issuers as it sent them. */
  record Reply(List<X509Certificate> chain, HttpAnswer answer) {

    X509Certificate peer() {
      return chain.getFirst();
    }
  }

  /**
   * @param tls that trusts the wanted peer alone
   * @throws IOException when there is no connection, no trust or no HTTP
   */
  Reply get(SSLContext tls, InetSocketAddress address, String path) throws IOException {
    try (var plain = new Socket()) {
      plain.connect(address, (int) timeout.toMillis());
      plain.setSoTimeout((int) timeout.toMillis());
      try (var socket = secured(tls, plain, address)) {
        socket.startHandshake();
        var chain =
            Arrays.stream(socket.getSession().getPeerCertificates())
                .map(X509Certificate.class::cast)
                .toList();
        socket.getOutputStream().write(request(path));
        return new Reply(chain, HttpAnswer.parse(socket.getInputStream().readNBytes(MOST)));
      }
    }
  }

  static SSLSocket secured(SSLContext tls, Socket plain, InetSocketAddress address)
      throws IOException {
    var host = address.getAddress().getHostAddress();
    return (SSLSocket) tls.getSocketFactory().createSocket(plain, host, address.getPort(), true);
  }

  static byte[] request(String path) {
    return "GET %s HTTP/1.1\r\nHost: portcullis\r\nConnection: close\r\n\r\n"
        .formatted(path)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
