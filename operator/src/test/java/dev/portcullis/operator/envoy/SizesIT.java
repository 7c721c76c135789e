package dev.portcullis.operator.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.Limits;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies against 2 MiB; headers against 32 KiB and 50. */
class SizesIT {

  private static final int MIB = 1024 * 1024;

  private static Gate gate;

  @BeforeAll
  static void open() {
    gate = Gate.open(Intents.limits(new Limits(32 * 1024, 50, 10_000, Duration.ofHours(1))));
  }

  @AfterAll
  static void close() {
    gate.close();
  }

  @BeforeEach
  void forget() {
    gate.application().forget();
  }

  @Test
  void aDeclaredBodyOverTheLimitNeverArrives() throws IOException {
    var answer = gate.as(Intents.EDGE).send(HttpText.of("PUT", "/files/a").body(3 * MIB));

    assertThat(answer.status()).isEqualTo(413);
    assertThat(gate.application().seen()).isEmpty();
    gate.logged("\"reason\":\"request_payload_too_large\"", "\"route\":\"files\"");
  }

  @Test
  void aChunkedBodyOverTheLimitNeverArrivesWhole() throws IOException {
    var answer = gate.as(Intents.EDGE).send(HttpText.of("PUT", "/files/a").chunked(3 * MIB));

    assertThat(answer.status()).isEqualTo(413);
    assertThat(gate.application().seen()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 64 * 1024, 2 * MIB - 1, 2 * MIB})
  void aBodyWithinTheLimitArrivesThoughItIsLargerThanAnyBuffer(int bytes) throws IOException {
    try (var connection = gate.as(Intents.EDGE).connect()) {
      var declared = connection.send(HttpText.of("PUT", "/files/a").body(bytes));
      var chunked = connection.send(HttpText.of("PUT", "/files/a").chunked(bytes));
      assertThat(declared.status()).isEqualTo(200);
      assertThat(chunked.status()).isEqualTo(200);
    }
    assertThat(gate.application().seen()).extracting("bodyBytes").containsOnly((long) bytes);
  }

  @Test
  void oneByteTooManyIsTooMany() throws IOException {
    var request = HttpText.of("PUT", "/files/a").body(2 * MIB + 1);

    assertThat(gate.as(Intents.EDGE).send(request).status()).isEqualTo(413);
  }

  @Test
  void anUnknownPathIsNotFoundWhateverItsBody() throws IOException {
    var request = HttpText.of("PUT", "/unknown").body(1000);

    assertThat(gate.as(Intents.EDGE).send(request).status()).isEqualTo(404);
  }

  @Test
  void bigHeadersAreRefused() throws IOException {
    var request = HttpText.get("/files/a").header("x-big: " + "a".repeat(40 * 1024));

    assertThat(gate.as(Intents.EDGE).send(request).status()).isEqualTo(431);
    assertThat(gate.application().seen()).isEmpty();
    gate.logged("http1.headers_too_large");
  }

  @Test
  void headersWithinTheLimitArrive() throws IOException {
    var request = HttpText.get("/files/a").header("x-big: " + "a".repeat(30 * 1024));

    assertThat(gate.as(Intents.EDGE).send(request).status()).isEqualTo(200);
  }

  @Test
  void tooManyHeadersAreRefused() throws IOException {
    var request = HttpText.get("/files/a");
    for (var number = 0; number < 60; number++) {
      request = request.header("x-h" + number + ": 1");
    }

    assertThat(gate.as(Intents.EDGE).send(request).status()).isEqualTo(431);
    assertThat(gate.application().seen()).isEmpty();
  }
}
