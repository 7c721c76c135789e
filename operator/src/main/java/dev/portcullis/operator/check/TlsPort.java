package dev.portcullis.operator.check;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import javax.net.ssl.SSLSocket;

/**
 * The port speaks TLS with a certificate that the cluster's trust bundle vouches for.
 *
 * @param protocol what is offered by ALPN
 * @param trustBundle file of the published roots
 */
public record TlsPort(String host, int port, String protocol, Path trustBundle) implements Check {

  private static final int TIMEOUT_MILLIS = 10_000;

  @Override
  public String claim() {
    return "port " + port + " shows a certificate of the published trust bundle";
  }

  @Override
  public void run() throws Exception {
    var sockets = Trust.of(trustBundle).getSocketFactory();
    try (var socket = (SSLSocket) sockets.createSocket()) {
      socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {protocol});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
    }
  }
}
