package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withTimeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.Limits;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.Timeouts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Nothing hangs, and nothing is cut that need not be. */
class TimeoutsIT {

  private static final Duration SOON = Duration.ofSeconds(15);
  private static final Intents.Change QUICK =
      Intents.routes(
          withTimeout(
              route("files", new PathMatch.Prefix("/files"), "GET", "PUT"),
              Duration.ofMillis(700)));

  @Test
  void aSlowApplicationIsAGatewayTimeout() throws IOException {
    try (var gate = Gate.open(QUICK)) {
      gate.application().hold();

      assertThat(gate.as(Intents.EDGE).get("/files/a").status()).isEqualTo(504);
      gate.logged("\"code\":504", "\"route\":\"files\"", "max_duration_timeout");
      // Not retried: a request may have had its effect.
      assertThat(gate.application().seen()).hasSize(1);
    }
  }

  @Test
  void aSlowUploadIsTheClientsTimeout() throws IOException {
    try (var gate = Gate.open(QUICK)) {
      var unfinished = HttpText.of("PUT", "/files/a").header("content-length: 10");

      assertThat(gate.as(Intents.EDGE).send(unfinished).status()).isEqualTo(408);
      assertThat(gate.application().seen()).isEmpty();
    }
  }

  @Test
  void slowHeadersAreTheClientsTimeout() throws IOException {
    var timeouts = new Timeouts(Duration.ofSeconds(60), Duration.ofMillis(500));
    try (var gate = Gate.open(Intents.timeouts(timeouts));
        var connection = gate.as(Intents.EDGE).connect()) {
      var answer = connection.sendUnfinished("GET /files/a HTTP/1.1\r\nhost: orders\r\nx-a:");

      assertThat(answer.status()).isEqualTo(408);
    }
  }

  @Test
  void silenceInsteadOfAHandshakeIsCut() throws IOException {
    var timeouts = new Timeouts(Duration.ofSeconds(60), Duration.ofMillis(500));
    try (var gate = Gate.open(Intents.timeouts(timeouts));
        var silent = new Socket(InetAddress.getLoopbackAddress(), gate.port())) {
      silent.setSoTimeout(Math.toIntExact(SOON.toMillis()));

      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void anIdleConnectionIsClosed() throws IOException {
    var timeouts = new Timeouts(Duration.ofMillis(700), Duration.ofSeconds(10));
    try (var gate = Gate.open(Intents.timeouts(timeouts));
        var connection = gate.as(Intents.EDGE).connect()) {
      assertThat(connection.get("/files/a").status()).isEqualTo(200);

      await().atMost(SOON).until(connection::isClosedByServer);
    }
  }

  @Test
  void aConnectionThatHasLivedItsTimeIsToldSoAndLosesNoRequest() throws IOException {
    var limits = new Limits(32 * 1024, 100, 10_000, Duration.ofSeconds(1));
    try (var gate = Gate.open(Intents.limits(limits));
        var connection = gate.as(Intents.EDGE).connect()) {
      await()
          .atMost(SOON)
          .until(
              () -> {
                var answer = connection.get("/files/a");
                assertThat(answer.status()).isEqualTo(200);
                return answer.header("connection").filter("close"::equals).isPresent();
              });
    }
  }

  @Test
  void oneConnectionTooManyIsClosed() throws IOException {
    try (var gate = Gate.open(Intents.limits(new Limits(32 * 1024, 100, 2, Duration.ofHours(1))))) {
      var edge = gate.as(Intents.EDGE);
      await()
          .atMost(SOON)
          .until(() -> gate.envoy().stat("connection_limit.inbound.active_connections") == 0);
      var first = edge.connect();
      var second = edge.connect();

      assertThatThrownBy(() -> edge.get("/files/a")).isInstanceOf(IOException.class);
      assertThat(first.get("/files/a").status()).isEqualTo(200);

      second.close();
      await().atMost(SOON).ignoreExceptions().until(() -> edge.get("/files/a").status() == 200);
      first.close();
      assertThat(gate.envoy().stat("connection_limit.inbound.limited_connections")).isPositive();
    }
  }
}
