package dev.portcullis.operator.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.TestPki.Credential;
import dev.portcullis.operator.envoytest.TestPki.LeafShape;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of connections that are open when their caller's right to call ends. */
class RevocationIT {

  private static final String ORDER = "/api/v1/orders/7";
  private static final String END = CertificateExpiry.HEADER;
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void anOpenConnectionIsRefusedOnceItsCertificateHasEnded() throws IOException {
    try (var gate = Gate.open(Intents.NONE);
        var expiring = gate.with(endingSoon(gate)).connect();
        var other = gate.as(Intents.EDGE).connect()) {
      assertThat(expiring.get(ORDER).status()).isEqualTo(200);

      await().atMost(PATIENCE).until(() -> expiring.get(ORDER).status() == 403);

      assertThat(expiring.get(ORDER).status()).isEqualTo(403);
      assertThat(expiring.get("/no-such-path").status()).isEqualTo(403);
      assertThat(other.get(ORDER).status()).isEqualTo(200);
      gate.logged("rbac_access_denied_matched_policy[none]", "certificateEnd", Intents.EDGE);
    }
  }

  @Test
  void whatAClientSaysOfItsCertificatesEndCountsForNothing() throws IOException {
    try (var gate = Gate.open(Intents.NONE);
        var expiring = gate.with(endingSoon(gate)).connect()) {
      var claim = HttpText.get(ORDER).header(END + ": 2199-01-01T00:00:00Z");
      assertThat(expiring.send(claim).status()).isEqualTo(200);

      await().atMost(PATIENCE).until(() -> expiring.send(claim).status() == 403);

      assertThat(gate.application().seen())
          .isNotEmpty()
          .noneMatch(request -> request.headers().containsKey(END));
    }
  }

  /** Whoever has the header taken away is not admitted without it. */
  @ParameterizedTest
  @ValueSource(strings = {"close", "keep-alive"})
  void aHopByHopTrickDoesNotTakeTheCheckAway(String token) throws IOException {
    try (var gate = Gate.open(Intents.NONE);
        var expiring = gate.with(endingSoon(gate)).connect()) {
      await().atMost(PATIENCE).until(() -> expiring.get(ORDER).status() == 403);
      gate.application().forget();

      var trick = HttpText.get(ORDER).header("connection: " + token + ", " + END);
      assertThat(expiring.send(trick).status()).isEqualTo(403);
      assertThat(gate.application().seen()).isEmpty();
    }
  }

  private static Credential endingSoon(Gate gate) {
    var now = Instant.now();
    return gate.pki().issue(LeafShape.of(Intents.EDGE).valid(now.minusSeconds(60), now.plus(SOON)));
  }
}
