package dev.portcullis.operator.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.Shadow;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A blocked network is refused whoever calls from it, and nobody else is. */
class BlockedIT {

  private static final String PATH = "/api/v1/orders";
  private static final String BAD = "127.66.6.6";

  private Gate gate;

  @BeforeEach
  void open() {
    gate = Gate.open(Intents.blocked("127.66.0.0/16", "127.77.7.7/32", "2001:db8::/32"));
  }

  @AfterEach
  void close() {
    gate.close();
  }

  @ParameterizedTest
  @CsvSource({
    "127.66.0.1, 403",
    "127.66.255.254, 403",
    "127.77.7.7, 403",
    "127.77.7.8, 200",
    "127.67.0.1, 200",
    "127.0.0.1, 200",
  })
  void theNetworkDecides(String address, int status) throws IOException {
    assertThat(gate.as(Intents.EDGE).from(address).get(PATH).status()).isEqualTo(status);
  }

  @Test
  void aRefusalSaysWhatRefused() throws IOException {
    var answer = gate.as(Intents.EDGE).from(BAD).get(PATH);

    assertThat(answer.header(DenialId.HEADER).orElseThrow()).startsWith("blocked-");
    assertThat(gate.application().seen()).isEmpty();
    assertThat(gate.logged("\"denial\":\"blocked-", "\"address\":\"" + BAD + "\""))
        .contains("rbac_access_denied_matched_policy[blocked:blockedCidrs]");
  }

  /** Of no use to those who are blocked: whether a path is known, or who may call. */
  @ParameterizedTest
  @ValueSource(strings = {"/", "/unknown", "/api/v1/orders;a=b", PATH})
  void aBlockedStrangerIsAnsweredAlikeEverywhere(String path) throws IOException {
    assertThat(gate.as(Intents.BATCH).from(BAD).get(path).status()).isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource({"x-forwarded-for", "x-real-ip", "forwarded", "x-envoy-external-address"})
  void noHeaderFramesAnybodyOrHidesWhoIsBlocked(String header) throws IOException {
    var framed = HttpText.get(PATH).header(header + ": " + BAD);
    var hidden = HttpText.get(PATH).header(header + ": 127.0.0.1");

    assertThat(gate.as(Intents.EDGE).from("127.0.0.1").send(framed).status()).isEqualTo(200);
    assertThat(gate.as(Intents.EDGE).from(BAD).send(hidden).status()).isEqualTo(403);
  }

  @Test
  void anEditCountsForTheNextRequestOfAnOpenConnection() throws IOException {
    try (var connection = gate.as(Intents.EDGE).from("127.88.0.1").connect()) {
      assertThat(connection.send(HttpText.get(PATH)).status()).isEqualTo(200);
      var drains = gate.envoy().stat("listener_manager.listener_in_place_updated");

      gate.serve(Intents.blocked("127.88.0.0/16"));
      assertThat(connection.send(HttpText.get(PATH)).status()).isEqualTo(403);
      assertThat(gate.as(Intents.EDGE).from(BAD).get(PATH).status()).isEqualTo(200);

      gate.serve(Intents.blocked("127.66.0.0/16"));
      assertThat(connection.send(HttpText.get(PATH)).status()).isEqualTo(200);
      assertThat(gate.envoy().stat("listener_manager.listener_in_place_updated")).isEqualTo(drains);
    }
  }

  @Test
  void modeShadowOpensNothingToWhoeverIsBlocked() throws IOException {
    gate.serve(
        Intents.blocked("127.66.0.0/16")
            .and(
                Intents.shadow(
                    new Shadow.OfPolicy(
                        List.of("read-order", "orders", "files"), Duration.ofSeconds(15)))));

    assertThat(gate.as(Intents.BATCH).from("127.0.0.1").get(PATH).status()).isEqualTo(200);
    assertThat(gate.as(Intents.BATCH).from(BAD).get(PATH).status()).isEqualTo(403);
  }

  /** What it measures is no call: a team that blocks too much still learns what is served. */
  @Test
  void theOperatorMeasuresFromAnywhere() throws IOException {
    gate.serve(Intents.blocked("0.0.0.0/0"));

    assertThat(gate.as(Intents.EDGE).from("127.0.0.1").get(PATH).status()).isEqualTo(403);
    assertThat(gate.as(Intents.OPERATOR).get("/.well-known/portcullis/version").body())
        .isEqualTo(gate.served().version());
  }
}
