package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withTimeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.MtlsClient;
import dev.portcullis.operator.envoytest.TestPki;
import dev.portcullis.operator.envoytest.TestPki.Credential;
import dev.portcullis.operator.envoytest.TestPki.LeafShape;
import dev.portcullis.operator.intent.Epoch;
import dev.portcullis.operator.intent.PathMatch;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of connections that are open when their caller's right to call ends. */
class RevocationIT {

  private static final String ORDER = "/api/v1/orders/7";
  private static final String END = CertificateExpiry.HEADER;
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** As the injector writes them. */
  private static final String[] DRAIN = {"--drain-time-s", "2", "--drain-strategy", "immediate"};

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

  @Test
  void aNewEpochCutsTheConnectionsFromBeforeAndNoOther() throws IOException {
    try (var gate = Gate.open(Intents.NONE, DRAIN);
        var old = gate.as(Intents.EDGE).connect()) {
      assertThat(old.get(ORDER).status()).isEqualTo(200);

      gate.begin(new Epoch(7, 0), Intents.NONE);

      try (var fresh = gate.as(Intents.EDGE).connect()) {
        assertThat(fresh.get(ORDER).header("connection")).isEmpty();
        await().atMost(PATIENCE).until(old::isClosedByServer);
        assertThat(fresh.get(ORDER).status()).isEqualTo(200);
      }
      assertThat(gate.envoy().stat("listener_manager.listener_in_place_updated")).isEqualTo(1);
      assertThat(gate.envoy().stat("listener_manager.total_listeners_draining")).isZero();
    }
  }

  @Test
  void aRequestThatIsUnderWayMayEndInTime() throws Exception {
    try (var gate =
            Gate.open(Intents.NONE, "--drain-time-s", "60", "--drain-strategy", "immediate");
        var old = gate.as(Intents.EDGE).connect();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      gate.application().hold();
      var answer = threads.submit(() -> old.get(ORDER));
      await().atMost(PATIENCE).until(() -> !gate.application().seen().isEmpty());

      gate.begin(new Epoch(7, 0), Intents.NONE);
      gate.application().release();

      assertThat(answer.get().status()).isEqualTo(200);
      assertThat(answer.get().header("connection")).contains("close");
    }
  }

  @Test
  void aRequestThatDoesNotEndIsCut() throws Exception {
    var patient = route("orders", new PathMatch.Prefix("/api"), "GET");
    var endless = Intents.routes(withTimeout(patient, Duration.ofHours(1)));
    try (var gate = Gate.open(endless, DRAIN);
        var old = gate.as(Intents.EDGE).connect();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      gate.application().hold();
      var answer = threads.submit(() -> old.get(ORDER));
      await().atMost(PATIENCE).until(() -> !gate.application().seen().isEmpty());

      gate.begin(new Epoch(7, 0), endless);

      assertThatThrownBy(answer::get).hasCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void overHttp2TooWhatDoesNotEndIsCut() throws Exception {
    var patient = route("orders", new PathMatch.Prefix("/api"), "GET");
    var endless = Intents.routes(withTimeout(patient, Duration.ofHours(1)));
    try (var gate = Gate.open(endless, DRAIN);
        var client =
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(gate.as(Intents.EDGE).context())
                .build()) {
      gate.application().hold();
      var order = URI.create("https://localhost:" + gate.port() + ORDER);
      var answer =
          client.sendAsync(
              HttpRequest.newBuilder(order).timeout(PATIENCE).build(), BodyHandlers.discarding());
      await().atMost(PATIENCE).until(() -> !gate.application().seen().isEmpty());

      gate.begin(new Epoch(7, 0), endless);

      assertThatThrownBy(answer::get)
          .cause()
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(HttpTimeoutException.class);
    }
  }

  /** The handshake alone looks at the root; who is inside stays until the epoch ends. */
  @Test
  void whoWasLetInByARemovedAuthorityIsCutByANewEpoch() throws IOException {
    try (var gate = Gate.open(Intents.NONE, DRAIN)) {
      var elder = TestPki.create("elder-");
      var caller = gate.with(elder.issue(Intents.EDGE));
      gate.trust(gate.pki(), elder);
      await().atMost(PATIENCE).ignoreExceptions().until(() -> caller.get(ORDER).status() == 200);
      try (var old = caller.connect()) {
        assertThat(old.get(ORDER).status()).isEqualTo(200);

        gate.trust(gate.pki());
        await().atMost(PATIENCE).until(() -> isRefused(caller));
        assertThat(old.get(ORDER).status()).isEqualTo(200);

        gate.begin(new Epoch(0, 1), Intents.NONE);
        await().atMost(PATIENCE).until(old::isClosedByServer);
        assertThat(isRefused(caller)).isTrue();
      }
    }
  }

  private static boolean isRefused(MtlsClient caller) {
    try {
      caller.get(ORDER);
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  private static Credential endingSoon(Gate gate) {
    var now = Instant.now();
    return gate.pki().issue(LeafShape.of(Intents.EDGE).valid(now.minusSeconds(60), now.plus(SOON)));
  }
}
