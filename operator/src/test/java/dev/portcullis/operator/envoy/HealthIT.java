package dev.portcullis.operator.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.envoytest.EchoBackend;
import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.Application.HealthCheck;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An application that fails its health check gets no request until it passes again. */
class HealthIT {

  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String HEALTHY = "cluster.app.membership_healthy";

  @Test
  void threeFailuresTakeTheApplicationOutAndOneSuccessBringsItBack() throws IOException {
    var check =
        new HealthCheck(EchoBackend.HEALTH, Duration.ofMillis(200), Duration.ofSeconds(1), 3);
    try (var gate = Gate.open(Intents.healthCheck(check));
        var kept = gate.as(Intents.EDGE).connect()) {
      await().atMost(SOON).until(() -> kept.get("/files/a").status() == 200);

      gate.application().health(500);

      await().atMost(SOON).until(() -> kept.get("/files/a").status() == 503);
      assertThat(gate.application().healthChecks()).isGreaterThanOrEqualTo(3);
      gate.logged("\"code\":503", "no_healthy_upstream");

      gate.application().health(204);

      await().atMost(SOON).until(() -> kept.get("/files/a").status() == 200);
      assertThat(gate.envoy().stat(HEALTHY)).isEqualTo(1);
    }
  }

  @Test
  void failuresBelowTheThresholdAreForgiven() throws IOException {
    var check =
        new HealthCheck(EchoBackend.HEALTH, Duration.ofMillis(200), Duration.ofSeconds(1), 1000);
    try (var gate = Gate.open(Intents.healthCheck(check))) {
      await().atMost(SOON).until(() -> gate.envoy().stat(HEALTHY) == 1);

      gate.application().health(500);

      await().atMost(SOON).until(() -> gate.application().healthChecks() >= 5);
      assertThat(gate.as(Intents.EDGE).get("/files/a").status()).isEqualTo(200);
    }
  }
}
