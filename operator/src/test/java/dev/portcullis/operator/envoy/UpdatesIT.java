package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withBody;
import static dev.portcullis.operator.envoytest.Intents.withCallers;
import static dev.portcullis.operator.envoytest.Intents.withLimits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.bootstrap.contract.ProbePaths;
import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.Headers;
import dev.portcullis.operator.intent.Headers.Edits;
import dev.portcullis.operator.intent.Headers.Hardening;
import dev.portcullis.operator.intent.Limits;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.RateLimit.Reach;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Edits take effect on open connections, and the operator can see what is served. */
class UpdatesIT {

  private static final String MODIFIED = "listener_manager.listener_modified";
  private static final String IN_PLACE = "listener_manager.listener_in_place_updated";
  private static final PathMatch FILES = new PathMatch.Prefix("/files");

  @Test
  void whatTeamsEditNeverTouchesTheListener() throws IOException {
    try (var gate = Gate.open(Intents.NONE);
        var kept = gate.as(Intents.EDGE).connect()) {
      var before = gate.served();
      assertThat(kept.get("/files/a").status()).isEqualTo(200);

      // A route gone, another's callers changed.
      gate.serve(Intents.routes(withCallers(route("files", FILES, "GET"), Intents.BATCH_CALLER)));
      assertThat(kept.get("/files/a").status()).isEqualTo(403);
      assertThat(kept.get("/api/v1/orders").status()).isEqualTo(404);

      // Rate limits, body limits, header rules, hardening.
      var once =
          new RateLimit("once", Intents.PER_ADDRESS, 1, Duration.ofHours(1), 0, 100, Reach.BACKEND);
      var tagged = new Edits(List.of(), Map.of("x-edited", "yes"), Map.of());
      var last =
          gate.serve(
              Intents.routes(withLimits(withBody(route("files", FILES, "GET", "PUT"), 1000), once))
                  .and(Intents.headers(new Headers(tagged, tagged, Hardening.AS_IS))));
      var big = HttpText.of("PUT", "/files/a").body(5000);
      assertThat(gate.as(Intents.EDGE).send(big).status()).isEqualTo(413);
      var refused = kept.get("/files/a");
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.header("x-edited")).contains("yes");

      assertThat(last.listener()).isEqualTo(before.listener());
      assertThat(last.version()).isNotEqualTo(before.version());
      assertThat(gate.envoy().stat(MODIFIED)).isZero();
      assertThat(gate.envoy().stat(IN_PLACE)).isZero();
      assertThat(gate.envoy().stat("listener_manager.total_filter_chains_draining")).isZero();
    }
  }

  @Test
  void aListenerOfItsOwnVersionIsSeenInTheAnswer() throws IOException {
    try (var gate = Gate.open(Intents.NONE)) {
      var before = gate.as(Intents.OPERATOR).get(ProbePaths.SERVED_VERSION);

      gate.serve(Intents.limits(new Limits(16 * 1024, 100, 10_000, Duration.ofHours(1))));

      var after = gate.as(Intents.OPERATOR).get(ProbePaths.SERVED_VERSION);
      assertThat(after.body()).isEqualTo(gate.served().version()).isNotEqualTo(before.body());
      assertThat(after.header(EnvoyNames.LISTENER_HEADER))
          .isNotEqualTo(before.header(EnvoyNames.LISTENER_HEADER))
          .isEqualTo(after.header(EnvoyNames.LISTENER_WANTED_HEADER));
    }
  }

  @Test
  void aListenerThatIsBehindItsRoutesIsSeenInTheAnswer() throws IOException {
    try (var gate = Gate.open(Intents.NONE)) {
      var next =
          gate.serveRoutesOnly(
              Intents.limits(new Limits(16 * 1024, 100, 10_000, Duration.ofHours(1))));

      var answer = gate.as(Intents.OPERATOR).get(ProbePaths.SERVED_VERSION);
      assertThat(answer.body()).isEqualTo(next.version());
      assertThat(answer.header(EnvoyNames.LISTENER_HEADER))
          .isPresent()
          .isNotEqualTo(answer.header(EnvoyNames.LISTENER_WANTED_HEADER));
    }
  }

  @Test
  void onlyTheOperatorReadsTheVersion() throws IOException {
    try (var gate = Gate.open(Intents.NONE)) {
      var operator = gate.as(Intents.OPERATOR);
      var spoof =
          HttpText.get(ProbePaths.SERVED_VERSION)
              .header(EnvoyNames.CALLER_HEADER + ": " + Intents.OPERATOR);

      assertThat(operator.get(ProbePaths.SERVED_VERSION).status()).isEqualTo(200);
      assertThat(operator.get("/files/a").status()).isEqualTo(403);
      assertThat(operator.send(HttpText.of("POST", ProbePaths.SERVED_VERSION)).status())
          .isEqualTo(404);
      var stranger = gate.as(Intents.EDGE).send(spoof);
      var unknown = gate.as(Intents.EDGE).get("/unknown");
      assertThat(stranger.status()).isEqualTo(unknown.status()).isEqualTo(404);
      assertThat(stranger.headers().keySet()).isEqualTo(unknown.headers().keySet());
      assertThat(gate.as(Intents.OPERATOR + "2").send(spoof).status()).isEqualTo(404);
    }
  }
}
