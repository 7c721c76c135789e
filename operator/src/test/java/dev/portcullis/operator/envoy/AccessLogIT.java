package dev.portcullis.operator.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Every refusal is one whole line; what was allowed is none. */
class AccessLogIT {

  @Test
  void aRefusalTellsWhoWhatWhereAndWhy() throws IOException {
    try (var gate = Gate.open(Intents.NONE)) {
      gate.as(Intents.EDGE).get("/files/allowed");
      var answer = gate.as(Intents.BATCH).from("127.40.0.1").get("/files/a?token=secret");

      var line = json(gate.logged("\"event\":\"request\""));

      assertThat(line.path("policy").asText()).isEqualTo("shop/orders");
      assertThat(line.path("route").asText()).isEqualTo("files");
      assertThat(line.path("reason").asText())
          .isEqualTo("rbac_access_denied_matched_policy[shop/orders/files]");
      assertThat(line.path("code").asInt()).isEqualTo(403);
      assertThat(line.path("method").asText()).isEqualTo("GET");
      assertThat(line.path("path").asText()).isEqualTo("/files/a");
      assertThat(line.path("caller").asText()).isEqualTo(Intents.BATCH);
      assertThat(line.path("address").asText()).isEqualTo("127.40.0.1");
      assertThat(line.path("requestId").asText())
          .isEqualTo(answer.header("x-request-id").orElseThrow());
      assertThat(line.has("durationMs")).isTrue();
      assertThat(line.has("bytesSent")).isTrue();
      assertThat(gate.envoy().accessLog()).noneMatch(each -> each.contains("secret"));
    }
  }

  /** A connection that stays open sees the next generation, too. */
  @Test
  void aRefusalTellsTheGenerationThatWasInForce() throws IOException {
    try (var gate = Gate.open(Intents.NONE)) {
      gate.edit(6, Intents.NONE);
      try (var batch = gate.as(Intents.BATCH).connect()) {
        var first = batch.get("/files/a").header("x-request-id").orElseThrow();
        gate.edit(7, Intents.NONE);
        var second = batch.get("/files/a").header("x-request-id").orElseThrow();

        assertThat(json(gate.logged(first)).path("policyGeneration").asLong()).isEqualTo(6);
        assertThat(json(gate.logged(second)).path("policyGeneration").asLong()).isEqualTo(7);
      }
      gate.as(Intents.EDGE).send(HttpText.get("/files/a").header("a_b: c"));
      assertThat(json(gate.logged("http1.unexpected_underscore")).has("policyGeneration"))
          .isFalse();
    }
  }

  @Test
  void onlyRefusalsAreLogged() throws IOException {
    try (var gate = Gate.open(Intents.NONE)) {
      for (var sent = 0; sent < 5; sent++) {
        gate.as(Intents.EDGE).get("/files/a");
      }
      gate.as(Intents.EDGE).get("/unknown");

      gate.logged("portcullis:unknown-path");
      assertThat(gate.envoy().accessLog()).hasSize(1);
    }
  }

  @Test
  void whatAClientSendsStaysInsideItsField() throws IOException {
    try (var gate = Gate.open(Intents.NONE)) {
      gate.as(Intents.EDGE)
          .send(
              HttpText.get("/x\",\"policy\":\"forged/%DURATION%").header("user-agent: \"}\u0001"));
      gate.as(Intents.EDGE).get("/unknown");

      gate.logged("portcullis:unknown-path");
      for (var line : gate.envoy().accessLog()) {
        assertThat(json(line).path("policy").asText()).isEqualTo("shop/orders");
      }
    }
  }

  private static JsonNode json(String line) throws IOException {
    return new JsonMapper().readTree(line);
  }
}
