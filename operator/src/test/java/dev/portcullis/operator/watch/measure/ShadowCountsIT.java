package dev.portcullis.operator.watch.measure;

import static dev.portcullis.operator.envoytest.Intents.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.bootstrap.contract.ProbePaths;
import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.Inbound.Capture;
import dev.portcullis.operator.intent.Limits;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.Shadow;
import dev.portcullis.operator.intent.SpiffeId;
import dev.portcullis.operator.status.ShadowCounts;
import dev.portcullis.operator.status.ShadowCounts.Rule;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The operator asks a real gate what it has counted; nobody else gets to hear of it. */
class ShadowCountsIT {

  private static final Duration SOON = Duration.ofSeconds(10);

  private static final Intents.Change ENFORCING =
      Intents.routes(
          route("orders", new PathMatch.Exact("/orders"), "GET"),
          route("other", new PathMatch.Exact("/other"), "GET"));

  private static final Intents.Change SHADOW =
      ENFORCING.and(Intents.shadow(new Shadow.OfRoutes(List.of("orders"))));

  private static Optional<ShadowCounts> counted(Gate gate) {
    var context = gate.as(Intents.OPERATOR).context();
    var target =
        new Target(
            InetAddress.getLoopbackAddress(),
            new SpiffeId(Intents.BACKEND),
            gate.port(),
            Optional.empty(),
            gate.application().port(),
            Capture.NONE);
    return new EnforcementProbe(_ -> Optional.of(context), SOON).shadow(target);
  }

  private static ShadowCounts of(long count) {
    return new ShadowCounts(Map.of(new Rule("callers", "orders"), count));
  }

  @Test
  void theOperatorReadsWhatWasCountedAndAChangeOfThePolicyLosesNothing() throws IOException {
    try (var gate = Gate.open(SHADOW)) {
      // Given
      gate.serve(SHADOW);
      assertThat(counted(gate)).contains(ShadowCounts.NONE);

      // When
      for (var sent = 0; sent < 3; sent++) {
        gate.as(Intents.BATCH).get("/orders");
      }
      gate.as(Intents.EDGE).get("/orders");
      gate.as(Intents.BATCH).get("/other");

      // Then
      await().atMost(SOON).untilAsserted(() -> assertThat(counted(gate)).contains(of(3)));

      var narrower = new Limits(16 * 1024, 100, 10_000, Duration.ofHours(1));
      gate.serve(SHADOW.and(Intents.limits(narrower)));
      gate.as(Intents.BATCH).get("/orders");
      await().atMost(SOON).untilAsserted(() -> assertThat(counted(gate)).contains(of(4)));
    }
  }

  @Test
  void nobodyElseReadsItAndNothingElseOfTheAdminInterface() throws IOException {
    try (var gate = Gate.open(SHADOW)) {
      gate.serve(SHADOW);
      var operator = gate.as(Intents.OPERATOR);

      assertThat(operator.get(ProbePaths.SHADOW_COUNTS).status()).isEqualTo(200);
      assertThat(gate.as(Intents.EDGE).get(ProbePaths.SHADOW_COUNTS).status()).isEqualTo(404);
      for (var path :
          List.of("/config_dump", "/quitquitquit", "/..", "?filter=x/../../quitquitquit")) {
        assertThat(operator.get(ProbePaths.SHADOW_COUNTS + path).body())
            .doesNotContain("configs", "cluster.");
      }
      assertThat(operator.send(HttpText.of("POST", ProbePaths.SHADOW_COUNTS)).status())
          .isEqualTo(404);
      gate.serve(ENFORCING);
      assertThat(operator.get(ProbePaths.SHADOW_COUNTS).status()).isEqualTo(404);
      assertThat(counted(gate)).isEmpty();
    }
  }
}
