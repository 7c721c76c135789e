package dev.portcullis.operator.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.envoytest.Crowd;
import dev.portcullis.operator.envoytest.EchoBackend;
import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.Application.HealthCheck;
import dev.portcullis.operator.intent.Application.Pool;
import dev.portcullis.operator.intent.Overload;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The application gets as much as it can do; the rest is told at once when to come back. */
class BackendLimitsIT {

  private static final Duration SOON = Duration.ofSeconds(12);
  private static final Duration LONG = Duration.ofHours(1);
  private static final String OVERFLOWS = "cluster.app.upstream_rq_active_overflow";
  private static final String CONNECTIONS = "cluster.app.upstream_cx_total";

  @Test
  void oneRequestTooManyIsToldWhenToComeBack() throws IOException {
    var two = new Pool(1024, 1024, 2, LONG, Optional.empty());
    var change = Intents.pool(two).and(Intents.overload(new Overload(Duration.ofSeconds(7))));
    try (var gate = Gate.open(change);
        var crowd = new Crowd()) {
      var edge = gate.as(Intents.EDGE);
      gate.application().hold();
      crowd.send(2, () -> edge.get("/files/a"));
      await().atMost(SOON).until(() -> gate.application().seen().size() == 2);

      var refused = edge.get("/files/a");

      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("retry-after")).contains("7");
      assertThat(refused.header("x-frame-options")).contains("DENY");
      assertThat(refused.body()).contains("\"status\":503", "\"requestId\"");
      assertThat(gate.application().seen()).hasSize(2);
      gate.logged("\"code\":503", "\"flags\":\"UO\"", "{overflow}", "\"route\":\"files\"");
      assertThat(gate.envoy().stat(OVERFLOWS)).isEqualTo(1);

      gate.application().release();
      await().atMost(SOON).until(crowd::isAnswered);
      assertThat(crowd.count(200)).isEqualTo(2);
      await().atMost(SOON).until(() -> edge.get("/files/a").status() == 200);
    }
  }

  @Test
  void onlySoManyWaitForAConnection() {
    var few = new Pool(1, 1, 1024, LONG, Optional.empty());
    try (var gate = Gate.open(Intents.pool(few));
        var crowd = new Crowd()) {
      var edge = gate.as(Intents.EDGE);
      gate.application().hold();
      crowd.send(9, () -> edge.get("/files/a"));

      // Each of the two workers may have a connection, and one request may wait.
      await().atMost(SOON).until(() -> crowd.count(503) >= 6);
      assertThat(gate.application().seen()).hasSizeBetween(1, 2);

      gate.application().release();
      await().atMost(SOON).until(crowd::isAnswered);
      assertThat(crowd.count(200)).isBetween(1L, 3L);
      assertThat(crowd.count(200) + crowd.count(503)).isEqualTo(9);
    }
  }

  @Test
  void aConnectionIsUsedAgainUntilItWasUnusedForTooLong() throws IOException {
    var quick = new Pool(1024, 1024, 1024, LONG, Optional.empty());
    try (var gate = Gate.open(Intents.pool(quick))) {
      try (var connection = gate.as(Intents.EDGE).connect()) {
        for (var sent = 0; sent < 5; sent++) {
          assertThat(connection.get("/files/a").status()).isEqualTo(200);
        }
      }
      assertThat(gate.envoy().stat(CONNECTIONS)).isEqualTo(1);

      var shortLived = new Pool(1024, 1024, 1024, Duration.ofMillis(200), Optional.empty());
      gate.serve(Intents.pool(shortLived));
      assertThat(gate.as(Intents.EDGE).get("/files/a").status()).isEqualTo(200);
      await().atMost(SOON).until(() -> gate.envoy().stat("cluster.app.upstream_cx_active") == 0);
      assertThat(gate.envoy().stat("cluster.app.upstream_cx_idle_timeout")).isPositive();
    }
  }

  @Test
  void aConnectionIsReplacedAfterItsRequests() throws IOException {
    var single = new Pool(1024, 1024, 1024, LONG, Optional.of(1));
    try (var gate = Gate.open(Intents.pool(single));
        var connection = gate.as(Intents.EDGE).connect()) {
      for (var sent = 0; sent < 3; sent++) {
        assertThat(connection.get("/files/a").status()).isEqualTo(200);
      }
      assertThat(gate.envoy().stat(CONNECTIONS)).isEqualTo(3);
    }
  }

  @Test
  void callersOfAnUnhealthyApplicationAreToldWhenToComeBack() throws IOException {
    var check =
        new HealthCheck(EchoBackend.HEALTH, Duration.ofMillis(200), Duration.ofSeconds(1), 1);
    try (var gate = Gate.open(Intents.healthCheck(check));
        var kept = gate.as(Intents.EDGE).connect()) {
      gate.application().health(500);
      await().atMost(SOON).until(() -> kept.get("/files/a").status() == 503);

      assertThat(kept.get("/files/a").header("retry-after")).contains("2");
    }
  }

  @Test
  void whatTheApplicationAnswersIsLeftAsItIs() throws IOException {
    try (var gate = Gate.open(Intents.NONE)) {
      gate.application().answerWith(503);

      var answer = gate.as(Intents.EDGE).get("/files/a");

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).isEqualTo("echo");
      assertThat(answer.header("retry-after")).isEmpty();
      assertThat(gate.as(Intents.EDGE).get("/unknown").header("retry-after")).isEmpty();
    }
  }
}
