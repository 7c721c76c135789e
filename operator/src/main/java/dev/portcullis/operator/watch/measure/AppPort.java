package dev.portcullis.operator.watch.measure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Whether the application can be reached around its gate. */
record AppPort(Duration timeout) {

  /** First byte of a TLS alert, with which a gate may refuse what is not TLS. */
  private static final int ALERT = 0x15;

  private static final int END = -1;

  /**
   * Empty when it cannot; otherwise a sentence that says how it could.
   *
   * @param tls that trusts the pod's gate alone
   */
  Optional<String> openness(SSLContext tls, Target target) {
    var address = new InetSocketAddress(target.address(), target.appPort());
    return switch (target.capture()) {
      case NONE -> accepts(address);
      case REDIRECT -> aroundGate(tls, address);
    };
  }

  private Optional<String> accepts(InetSocketAddress address) {
    try (var socket = connect(address)) {
      return Optional.of(
          "The application accepts connections on port %d from outside the pod: let it listen on"
                  .formatted(socket.getPort())
              + " 127.0.0.1 only, or use capture Redirect.");
    } catch (IOException refused) {
      return Optional.empty();
    }
  }

  private Optional<String> aroundGate(SSLContext tls, InetSocketAddress address) {
    try (var plain = connect(address)) {
      return gateAnswers(tls, plain, address) ? Optional.empty() : answers(address);
    } catch (IOException refused) {
      return Optional.empty();
    }
  }

  /** The redirect leads to a chain of the gate that gives the operator its byte back. */
  private static boolean gateAnswers(SSLContext tls, Socket plain, InetSocketAddress address) {
    try (var socket = MutualTlsGet.secured(tls, plain, address)) {
      socket.startHandshake();
      socket.getOutputStream().write('?');
      return socket.getInputStream().read() != END;
    } catch (IOException other) {
      return false;
    }
  }

  /** Envoy may accept without such a chain; only an answer in plain text is telling then. */
  private Optional<String> answers(InetSocketAddress address) throws IOException {
    try (var socket = connect(address)) {
      socket.getOutputStream().write(MutualTlsGet.request("/"));
      var first = socket.getInputStream().read();
      return first == END || first == ALERT
          ? Optional.empty()
          : Optional.of(
              "Port %d answers in plain text from outside the pod: the redirect does not work."
                  .formatted(socket.getPort()));
    }
  }

  private Socket connect(InetSocketAddress address) throws IOException {
    var socket = new Socket();
    try {
      socket.connect(address, (int) timeout.toMillis());
      socket.setSoTimeout((int) timeout.toMillis());
      return socket;
    } catch (IOException failure) {
      socket.close();
      throw failure;
    }
  }
}
