package dev.portcullis.operator.watch.measure;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.intent.Inbound.Capture;
import dev.portcullis.operator.intent.SpiffeId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** What the port of an application without a gate looks like. */
class AppPortTest {

  private static final byte[] SETTINGS_OF_HTTP2 = {0, 0, 0, 4, 0, 0, 0, 0, 0};
  private static final byte[] TLS_ALERT = {0x15, 3, 3, 0, 2, 2, 40};

  @Test
  void anAnswerInPlainTextBehindARedirectIsTold() throws IOException {
    assertThat(openness("HTTP/1.1 400 \r\n\r\n".getBytes(US_ASCII), Capture.REDIRECT))
        .hasValueSatisfying(told -> assertThat(told).contains("the redirect does not work"));
  }

  @Test
  void soIsAnAnswerInHttp2() throws IOException {
    assertThat(openness(SETTINGS_OF_HTTP2, Capture.REDIRECT)).isPresent();
  }

  @Test
  void aConnectionThatIsClosedOrRefusedInTlsIsNot() throws IOException {
    assertThat(openness(new byte[0], Capture.REDIRECT)).isEmpty();
    assertThat(openness(TLS_ALERT, Capture.REDIRECT)).isEmpty();
  }

  @Test
  void withoutRedirectAConnectionIsEnough() throws IOException {
    assertThat(openness(new byte[0], Capture.NONE))
        .hasValueSatisfying(told -> assertThat(told).contains("127.0.0.1 only"));
  }

  @Test
  void aPortThatNobodyListensOnIsClosed() throws IOException {
    var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    free.close();

    for (var capture : Capture.values()) {
      assertThat(openness(free.getLocalPort(), capture)).isEmpty();
    }
  }

  private static Optional<String> openness(byte[] answer, Capture capture) throws IOException {
    try (var application = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerAll(application, answer));
      return openness(application.getLocalPort(), capture);
    }
  }

  private static Optional<String> openness(int port, Capture capture) {
    var anyone = new SpiffeId("spiffe://mesh.example/ns/shop/sa/orders");
    var target =
        new Target(InetAddress.getLoopbackAddress(), anyone, 1, Optional.empty(), port, capture);
    return new AppPort(Duration.ofSeconds(20)).openness(tls(), target);
  }

  private static void answerAll(ServerSocket application, byte[] answer) {
    try {
      while (true) {
        try (var caller = application.accept()) {
          answer(caller, answer);
        }
      }
    } catch (IOException closed) {
      return;
    }
  }

  private static void answer(Socket caller, byte[] answer) throws IOException {
    caller.getInputStream().read(new byte[4096]);
    caller.getOutputStream().write(answer);
  }

  private static SSLContext tls() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
