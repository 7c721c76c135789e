package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpAnswer;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.Application.Breaker;
import dev.portcullis.operator.intent.Overload;
import dev.portcullis.operator.intent.Overload.LoadReport;
import dev.portcullis.operator.intent.PathMatch;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What callers are told of the load. A connection stays with one worker thread, so one connection
 * sees one count.
 */
class LoadReportIT {

  private static final String REPORT = "endpoint-load-metrics";
  private static final int CAPACITY = 4;
  private static final double WINDOW_SECONDS = 10;

  private static Intents.Change reporting() {
    return Intents.routes(route("files", new PathMatch.Prefix("/files"), "GET", "PUT"))
        .and(
            Intents.overload(
                new Overload(Duration.ofSeconds(2), Optional.of(new LoadReport(CAPACITY)))));
  }

  private static Map<String, Double> told(HttpAnswer answer) {
    var text = answer.header(REPORT).orElseThrow();
    assertThat(text).startsWith("TEXT ");
    return Stream.of(text.substring("TEXT ".length()).split(","))
        .map(pair -> pair.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> Double.parseDouble(pair[1])));
  }

  @Test
  void everyAnswerTellsHowMuchWasInUse() throws IOException {
    try (var gate = Gate.open(reporting());
        var kept = gate.as(Intents.EDGE).connect()) {
      var quick = told(kept.get("/files/a"));
      assertThat(quick.get("application_utilization")).isPositive();
      assertThat(quick.get("rps_fractional")).isEqualTo(1 / WINDOW_SECONDS);
      assertThat(quick.get("eps")).isZero();

      gate.application().hold();
      var begun = System.nanoTime();
      kept.begin("GET /files/b HTTP/1.1\r\nhost: orders\r\n\r\n");
      await().until(() -> System.nanoTime() - begun > 1_000_000_000L);
      gate.application().release();
      var slow = told(kept.sendUnfinished(""));

      var seconds = (System.nanoTime() - begun) / 1e9;
      var expected = seconds / WINDOW_SECONDS / CAPACITY;
      assertThat(slow.get("application_utilization"))
          .isCloseTo(expected + quick.get("application_utilization"), within(expected / 4));
      assertThat(slow.get("rps_fractional")).isEqualTo(2 / WINDOW_SECONDS);
    }
  }

  @Test
  void theTimeThatACallerTakesToSendIsNotTheApplications() throws IOException {
    try (var gate = Gate.open(reporting());
        var kept = gate.as(Intents.EDGE).connect()) {
      kept.begin("PUT /files/a HTTP/1.1\r\nhost: orders\r\ncontent-length: 4\r\n\r\nab");
      var begun = System.nanoTime();
      await().until(() -> System.nanoTime() - begun > 2_000_000_000L);

      var told = told(kept.sendUnfinished("cd"));

      assertThat(told.get("application_utilization")).isLessThan(1 / WINDOW_SECONDS / CAPACITY);
      assertThat(gate.envoy().log()).doesNotContain("script log");
    }
  }

  @Test
  void whatFailsIsCounted() throws IOException {
    try (var gate = Gate.open(reporting());
        var kept = gate.as(Intents.EDGE).connect()) {
      gate.application().answerWith(404);
      assertThat(told(kept.get("/files/a")).get("eps")).isZero();
      gate.application().answerWith(500);
      assertThat(told(kept.get("/files/a")).get("eps")).isEqualTo(1 / WINDOW_SECONDS);
    }
  }

  @Test
  void whatTheBreakerRefusesFails() throws IOException {
    var breaker = new Breaker(Duration.ZERO, 99, Duration.ofHours(1));
    try (var gate = Gate.open(reporting().and(Intents.breaker(breaker)));
        var kept = gate.as(Intents.EDGE).connect()) {
      var answer = kept.get("/files/a");
      for (var sent = 0; answer.status() != 503; sent++) {
        assertThat(sent).as("never opens").isLessThan(400);
        answer = kept.get("/files/a");
      }

      assertThat(told(answer).get("eps")).isEqualTo(1 / WINDOW_SECONDS);
    }
  }

  @Test
  void whoeverIsRefusedLearnsNothing() throws IOException {
    try (var gate = Gate.open(reporting())) {
      var stranger = gate.as(Intents.EDGE + "/stranger");
      assertThat(stranger.get("/files/a").status()).isEqualTo(403);
      assertThat(stranger.get("/files/a").header(REPORT)).isEmpty();
      assertThat(gate.as(Intents.EDGE).get("/unknown").header(REPORT)).isEmpty();
    }
  }

  @Test
  void anApplicationsOwnReportIsLeftAsItIs() throws IOException {
    var own = "JSON {\"application_utilization\": 0.75}";
    try (var gate = Gate.open(reporting())) {
      gate.application().addToAnswers(REPORT, own);
      assertThat(gate.as(Intents.EDGE).get("/files/a").headers().get(REPORT)).containsExactly(own);
    }
  }

  @Test
  void untilItIsAskedForThereIsNone() throws IOException {
    try (var gate = Gate.open(reporting().and(Intents.overload(Overload.DEFAULT)))) {
      assertThat(gate.as(Intents.EDGE).get("/files/a").header(REPORT)).isEmpty();
      gate.serve(reporting());
      var edge = gate.as(Intents.EDGE);
      await().untilAsserted(() -> assertThat(edge.get("/files/a").header(REPORT)).isPresent());
    }
  }
}
