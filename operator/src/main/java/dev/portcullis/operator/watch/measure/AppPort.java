package dev.portcullis.operator.watch.measure;

import dev.portcullis.operator.intent.Inbound.Capture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/** Whether the application can be reached around its gate. */
record AppPort(Duration timeout) {

  private static final int FIRST_BYTES = 16;

  /** Empty when it cannot; otherwise a sentence that says how it could. */
  Optional<String> openness(InetSocketAddress address, Capture capture) {
    return switch (capture) {
      case NONE -> accepts(address);
      case REDIRECT -> answers(address);
    };
  }

  private Optional<String> accepts(InetSocketAddress address) {
    try (var socket = new Socket()) {
      socket.connect(address, (int) timeout.toMillis());
      return Optional.of(
          "The application accepts connections on port %d from outside the pod: let it listen on"
                  .formatted(address.getPort())
              + " 127.0.0.1 only, or use capture Redirect.");
    } catch (IOException refused) {
      return Optional.empty();
    }
  }

  /** Behind a redirect Envoy accepts every connection; only an answer in plain text is telling. */
  private Optional<String> answers(InetSocketAddress address) {
    try (var socket = new Socket()) {
      socket.connect(address, (int) timeout.toMillis());
      socket.setSoTimeout((int) timeout.toMillis());
      socket.getOutputStream().write(MutualTlsGet.request("/"));
      return HttpAnswer.looksLikeHttp(socket.getInputStream().readNBytes(FIRST_BYTES))
          ? Optional.of(
              "Port %d answers plain HTTP from outside the pod: the redirect does not work."
                  .formatted(address.getPort()))
          : Optional.empty();
    } catch (IOException closed) {
      return Optional.empty();
    }
  }
}
