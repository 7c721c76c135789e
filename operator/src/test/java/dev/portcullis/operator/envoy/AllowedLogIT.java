package dev.portcullis.operator.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.AccessLog;
import dev.portcullis.operator.intent.Shadow;
import dev.portcullis.operator.intent.Share;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Lines of allowed requests: as many as are asked for, and no more than are bounded. */
class AllowedLogIT {

  private static final Share ALL = new Share(1_000_000);
  private static final int MANY = 1000;
  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void anAllowedRequestTellsWhoDidWhat() throws IOException {
    try (var gate = Gate.open(files(ALL, MANY))) {
      var answer = gate.as(Intents.EDGE).from("127.40.0.1").get("/files/a?token=secret");

      var line = json(gate.logged("\"event\":\"allowed\""));

      assertThat(line.path("policy").asText()).isEqualTo("shop/orders");
      assertThat(line.path("route").asText()).isEqualTo("files");
      assertThat(line.path("share").asText()).isEqualTo("100%");
      assertThat(line.path("code").asInt()).isEqualTo(200);
      assertThat(line.path("method").asText()).isEqualTo("GET");
      assertThat(line.path("path").asText()).isEqualTo("/files/a");
      assertThat(line.path("caller").asText()).isEqualTo(Intents.EDGE);
      assertThat(line.path("address").asText()).isEqualTo("127.40.0.1");
      assertThat(line.path("requestId").asText())
          .isEqualTo(answer.header("x-request-id").orElseThrow());
      assertThat(line.has("denial")).isFalse();
      assertThat(gate.envoy().accessLog()).noneMatch(each -> each.contains("secret"));
    }
  }

  /** Of other routes nothing; of refusals and failures the lines that they have anyway. */
  @Test
  void whatIsRefusedFailsOrIsNotDrawnHasNoSuchLine() throws IOException {
    try (var gate = Gate.open(files(ALL, MANY));
        var edge = gate.as(Intents.EDGE).connect()) {
      edge.get("/orders/1");
      edge.get("/unknown");
      gate.as(Intents.BATCH).get("/files/refused");
      gate.application().answerWith(500);
      edge.get("/files/failed");
      gate.application().answerWith(200);
      edge.get("/files/last");

      gate.logged("/files/last");
      assertThat(lines(gate, "allowed")).hasSize(1);
      assertThat(lines(gate, "request"))
          .extracting(line -> line.path("path").asText())
          .contains("/unknown", "/files/refused", "/files/failed");
    }
  }

  /** Nor can a caller choose: its request's id is the same each time. */
  @Test
  void aShareIsDrawnEvenlyWhateverCallersSend() throws IOException {
    var sent = 4000;
    try (var gate = Gate.open(files(new Share(100_000), MANY));
        var edge = gate.as(Intents.EDGE).connect()) {
      for (var each = 0; each < sent; each++) {
        edge.send(HttpText.get("/files/a").header("x-request-id: " + SAMPLED_ID));
      }

      // One in ten, and six standard deviations beside it.
      await().atMost(SOON).until(() -> accounted(gate, "allowed") > sent / 10 - 115);
      assertThat(accounted(gate, "allowed")).isLessThan(sent / 10 + 115);
    }
  }

  /** Envoy's trace sampling reads such an id as chosen. */
  private static final String SAMPLED_ID = "11111111-1111-9111-9111-111111111111";

  @Test
  void anotherShareKeepsConnectionsOpen() throws IOException {
    try (var gate = Gate.open(files(new Share(1), MANY));
        var edge = gate.as(Intents.EDGE).connect()) {
      var before = gate.served().listener();
      edge.get("/files/before");
      gate.serve(files(ALL, MANY));
      edge.get("/files/after");

      gate.logged("/files/after");
      assertThat(gate.served().listener()).isEqualTo(before);
    }
  }

  @Test
  void aBurstIsBoundedAndNothingOfItIsLost() throws IOException {
    var bound = 5;
    var burst = 2000;
    try (var gate = Gate.open(files(ALL, bound));
        var edge = gate.as(Intents.EDGE).connect()) {
      var begin = System.nanoTime();
      for (var each = 0; each < burst; each++) {
        assertThat(edge.get("/files/a").status()).isEqualTo(200);
      }
      var seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds() + 2;

      assertThat(lines(gate, "allowed")).hasSizeBetween(1, (int) seconds * bound);
      var sent = new AtomicInteger(burst);
      await()
          .atMost(SOON)
          // The first one of a second has a line, which is there when the next second asks for it.
          .pollInterval(Duration.ofMillis(1100))
          .until(
              () -> {
                var whole = accounted(gate, "allowed") == sent.get();
                if (!whole) {
                  edge.get("/files/a");
                  sent.incrementAndGet();
                }
                return whole;
              });
    }
  }

  /** Both on one connection, so on one worker thread. */
  @Test
  void allowedRequestsCrowdOutNoRefusal() throws IOException {
    try (var gate = Gate.open(files(ALL, 1));
        var edge = gate.as(Intents.EDGE).connect()) {
      for (var each = 0; each < 500; each++) {
        edge.get("/files/a");
      }
      var refused = edge.get("/unknown").header("x-request-id").orElseThrow();

      assertThat(json(gate.logged(refused)).path("denial").asText()).startsWith("path-");
    }
  }

  @Test
  void whatIsInShadowHasTheLineOfTheRuleAlone() throws IOException {
    var shadow = new Shadow.OfRoutes(List.of("files"));
    try (var gate = Gate.open(Intents.shadow(shadow).and(files(ALL, MANY)))) {
      gate.as(Intents.BATCH).get("/files/stranger");
      gate.as(Intents.EDGE).get("/files/caller");

      gate.logged("/files/caller", "\"event\":\"allowed\"");
      gate.logged("/files/stranger", "\"event\":\"shadow\"");
      assertThat(lines(gate, "allowed")).hasSize(1);
    }
  }

  @Test
  void refusalsHaveTheSameBoundAndTheirOwnCount() throws IOException {
    var sent = 200;
    try (var gate = Gate.open(Intents.accessLog(new AccessLog(Map.of(), 1)));
        var edge = gate.as(Intents.EDGE).connect()) {
      var begin = System.nanoTime();
      for (var each = 0; each < sent; each++) {
        edge.get("/unknown");
      }
      var seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds() + 2;

      // What was asked before the routes were there was refused too, maybe on another thread.
      assertThat(lines(gate, "request")).hasSizeLessThanOrEqualTo((int) seconds * 2);
      await()
          .atMost(SOON)
          .until(
              () -> {
                edge.get("/unknown");
                return accounted(gate, "request") >= sent;
              });
    }
  }

  private static Intents.Change files(Share share, int lines) {
    return Intents.accessLog(new AccessLog(Map.of("files", share), lines));
  }

  /** Lines, and those of which they say that they are not there. */
  private static long accounted(Gate gate, String event) {
    return lines(gate, event).stream().mapToLong(line -> 1 + line.path("leftOut").asLong()).sum();
  }

  private static List<JsonNode> lines(Gate gate, String event) {
    return gate.envoy().accessLog().stream()
        .map(AllowedLogIT::json)
        .filter(line -> line.path("event").asText().equals(event))
        .toList();
  }

  private static JsonNode json(String line) {
    try {
      return new JsonMapper().readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
