package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withLimits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpAnswer;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.Headers;
import dev.portcullis.operator.intent.Headers.Edits;
import dev.portcullis.operator.intent.Headers.Hardening;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.RateLimit.Reach;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Headers of answers, the application's and the proxy's own. */
class ResponseHeadersIT {

  private static final Edits NOTHING = new Edits(List.of(), Map.of(), Map.of());

  private static final Intents.Change ROUTES =
      Intents.routes(
          route("files", new PathMatch.Prefix("/files"), "GET", "PUT"),
          withLimits(
              route("once", new PathMatch.Exact("/once"), "GET"),
              new RateLimit(
                  "once", Intents.PER_ADDRESS, 1, Duration.ofHours(1), 0, 100, Reach.ROUTE)));

  @Test
  void everyAnswerIsHardened() throws IOException {
    try (var gate = Gate.open(ROUTES)) {
      var edge = gate.as(Intents.EDGE);
      edge.get("/once");

      hardened(edge.get("/files/a"), 200);
      hardened(gate.as(Intents.BATCH).get("/files/a"), 403);
      hardened(edge.get("/unknown"), 404);
      hardened(edge.get("/files/..;/"), 404);
      hardened(edge.send(HttpText.of("DELETE", "/files/a")), 405);
      hardened(edge.send(HttpText.of("PUT", "/files/a").body(3 * 1024 * 1024)), 413);
      hardened(edge.get("/once"), 429);
      hardened(edge.get("/files%2fa"), 400);
      hardened(edge.send(HttpText.get("/files/a").header("no colon")), 400);
      hardened(edge.send(HttpText.get("/files/a").header("a: " + "b".repeat(40_000))), 431);
      gate.application().close();
      hardened(edge.get("/files/a"), 503);
    }
  }

  private static void hardened(HttpAnswer answer, int status) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("x-frame-options")).as("%s", answer).contains("DENY");
    assertThat(answer.header("x-content-type-options")).as("%s", answer).contains("nosniff");
    assertThat(answer.header("content-security-policy"))
        .as("%s", answer)
        .contains("default-src 'self'");
    assertThat(answer.header("strict-transport-security"))
        .as("%s", answer)
        .contains("max-age=31536000; includeSubDomains");
    assertThat(answer.headers().keySet())
        .doesNotContain("server", "x-powered-by")
        .noneMatch(name -> name.startsWith("x-envoy-"))
        .noneMatch(name -> name.startsWith("x-portcullis-") && !name.equals(DenialId.HEADER));
    assertThat(answer.header(DenialId.HEADER).isPresent()).isEqualTo(status != 200);
  }

  @Test
  void aRefusalSaysNoMoreThanItsStatusAndTheRequest() throws IOException {
    try (var gate = Gate.open(ROUTES)) {
      var refused = gate.as(Intents.BATCH).get("/files/a");

      var id = refused.header("x-request-id").orElseThrow();
      assertThat(refused.body().strip()).isEqualTo("{\"requestId\":\"" + id + "\",\"status\":403}");
      gate.logged(id, "rbac_access_denied_matched_policy[shop/orders/files]");
    }
  }

  @Test
  void thePolicysRulesHaveTheLastWord() throws IOException {
    var request =
        new Edits(
            List.of("x-debug"),
            Map.of("x-gate", "100%", "x-trap", "%DOWNSTREAM_PEER_URI_SAN%"),
            Map.of("x-tag", "b"));
    var response =
        new Edits(
            List.of("x-content-type-options"),
            Map.of("x-frame-options", "SAMEORIGIN", "x-trap", "%ENVIRONMENT(PATH)%%%"),
            Map.of("vary", "origin"));
    try (var gate =
        Gate.open(
            ROUTES.and(Intents.headers(new Headers(request, response, Hardening.HARDENED))))) {
      var edge = gate.as(Intents.EDGE);

      var answer =
          edge.send(
              HttpText.get("/files/a")
                  .header("x-debug: 1")
                  .header("x-tag: a")
                  .header("x-gate: no"));
      var refusal = edge.get("/unknown");

      var seen = gate.application().last();
      assertThat(seen.headers()).doesNotContainKey("x-debug");
      assertThat(seen.header("x-gate")).isEqualTo("100%");
      assertThat(seen.header("x-trap")).isEqualTo("%DOWNSTREAM_PEER_URI_SAN%");
      assertThat(String.join(",", seen.headers().get("x-tag"))).isEqualTo("a,b");
      for (var each : List.of(answer, refusal)) {
        assertThat(each.header("x-frame-options")).contains("SAMEORIGIN");
        assertThat(each.header("x-content-type-options")).isEmpty();
        assertThat(each.header("x-trap")).contains("%ENVIRONMENT(PATH)%%%");
        assertThat(each.header("vary")).contains("origin");
        assertThat(each.header("strict-transport-security")).isPresent();
      }
    }
  }

  @Test
  void asItIsLeavesTheApplicationsAnswerAlone() throws IOException {
    try (var gate =
        Gate.open(ROUTES.and(Intents.headers(new Headers(NOTHING, NOTHING, Hardening.AS_IS))))) {
      var answer = gate.as(Intents.EDGE).get("/files/a");

      assertThat(answer.header("server")).contains("Echo/1.0");
      assertThat(answer.header("x-powered-by")).contains("JDK");
      assertThat(answer.header("x-frame-options")).contains("ALLOWALL");
      assertThat(answer.header("strict-transport-security")).isEmpty();
    }
  }
}
