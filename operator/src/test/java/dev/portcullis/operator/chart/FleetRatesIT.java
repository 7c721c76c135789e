package dev.portcullis.operator.chart;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withLimits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpAnswer;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.TestPki;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.RateLimit.Key;
import dev.portcullis.operator.intent.RateLimit.Outage;
import dev.portcullis.operator.intent.RateLimit.Reach;
import dev.portcullis.operator.intent.RateService;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.SpiffeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two gates of one backend, the chart's rate limit service and its store; all of it real. */
class FleetRatesIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration NEXT_HOUR = Duration.ofSeconds(90);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final List<Key> PER_TENANT = List.of(new Key.Header("x-tenant"));

  @TempDir private Path home;
  private final List<Gate> gates = new ArrayList<>();
  private RateLimitPod pod;

  @BeforeEach
  void start() {
    Assumptions.assumeTrue(
        RateLimitPod.possible(), "SKIPPED: wants PORTCULLIS_RATE_LIMIT and PORTCULLIS_REDIS");
    // Counts begin anew with the hour.
    await().atMost(NEXT_HOUR).until(() -> Instant.now().getEpochSecond() % 3600 < 3540);
    for (var gate = 0; gate < 3; gate++) {
      gates.add(Gate.open(Intents.NONE));
    }
    var authorities = gates.stream().map(Gate::pki).toArray(TestPki[]::new);
    gates.forEach(gate -> gate.trust(authorities));
    pod = RateLimitPod.start(home, authorities);
    gates.forEach(gate -> gate.serve(countedWith("secret")));
    gates.forEach(gate -> awaitAnswer(gate, "/ready"));
  }

  @AfterEach
  void stop() {
    gates.forEach(Gate::close);
    if (pod != null) {
      pod.close();
    }
  }

  private Intents.Change countedWith(String secret) {
    var service =
        new RateService("127.0.0.1", pod.port(), new SpiffeId(RateLimitPod.IDENTITY), secret);
    var shared = limit("shared", List.of(), 4, Reach.BACKEND, Outage.REFUSE);
    return Intents.countedBy(service)
        .and(
            Intents.routes(
                withLimits(
                    get("ready"), limit("ready", List.of(), 1_000_000, Reach.ROUTE, Outage.REFUSE)),
                withLimits(get("ten"), limit("ten", List.of(), 10, Reach.ROUTE, Outage.REFUSE)),
                withLimits(
                    get("tenant"),
                    limit("tenant", PER_TENANT, 3, Reach.ROUTE, Outage.REFUSE),
                    limit("address", Intents.PER_ADDRESS, 30_000, Reach.ROUTE, Outage.REFUSE)),
                withLimits(
                    get("many"),
                    limit(
                        "many",
                        List.of(
                            new Key.Header("x-tenant"),
                            new Key.ClientAddress(),
                            new Key.CallerIdentity(),
                            new Key.OfRoute()),
                        2,
                        Reach.ROUTE,
                        Outage.REFUSE)),
                withLimits(get("a"), shared),
                withLimits(get("b"), shared),
                withLimits(
                    get("lenient"), limit("lenient", List.of(), 2, Reach.ROUTE, Outage.ALLOW)),
                get("free")));
  }

  private static Route get(String name) {
    return route(name, new PathMatch.Exact("/" + name), "GET");
  }

  private static RateLimit limit(
      String name, List<Key> per, int requests, Reach reach, Outage outage) {
    return new RateLimit(
        name, per, requests, HOUR, 0, 0, reach, Optional.empty(), Optional.of(outage));
  }

  @Test
  void allPodsShareOneCountAndOneMoreGainsNothing() throws IOException {
    // When two gates are asked by turns, far beyond the limit
    var passed = 0;
    for (var sent = 0; sent < 20; sent++) {
      passed += status(gates.get(sent % 2), "/ten") == 200 ? 1 : 0;
    }

    // Then so many pass as the limit says, and through a third nobody
    assertThat(passed).isEqualTo(10);
    var refused = gates.get(2).as(Intents.EDGE).get("/ten");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("x-portcullis-denial").orElseThrow()).startsWith("rate-");
    assertThat(Integer.parseInt(refused.header("retry-after").orElseThrow())).isBetween(1, 3600);
    assertThat(refused.header("ratelimit-policy")).contains("\"ten\";q=10;w=3600");
    assertThat(refused.header("x-portcullis-rate-limit")).isEmpty();
    gates.get(2).logged("\"reason\":\"request_rate_limited\"", "\"denial\":\"rate-", "ten");
  }

  @Test
  void clientsAndLimitsAreCountedApart() throws IOException {
    assertThat(passed("/tenant", "one", 5)).isEqualTo(3);
    assertThat(passed("/tenant", "two", 5)).isEqualTo(3);
    assertThat(passed("/tenant", "", 5)).isEqualTo(3);
    assertThat(passed("/many", "one", 5)).isEqualTo(2);
    assertThat(passed("/many", "", 5)).isEqualTo(2);
    assertThat(passed("/a", "one", 3) + passed("/b", "one", 3)).isEqualTo(4);
    assertThat(passed("/free", "one", 20)).isEqualTo(20);
    var answer =
        gates.getFirst().as(Intents.EDGE).send(HttpText.get("/tenant").header("x-tenant: new"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("x-portcullis-rate-remaining")).isEmpty();
  }

  @Test
  void whoDoesNotKnowTheSecretUsesUpNothing() throws IOException {
    // Given a gate that calls itself by the backend's name
    gates.get(2).serve(countedWith("another"));
    for (var sent = 0; sent < 12; sent++) {
      status(gates.get(2), "/ten");
    }

    // Then the backend's own count is whole
    assertThat(
            Stream.generate(() -> status(gates.getFirst(), "/ten"))
                .limit(12)
                .filter(it -> it == 200))
        .hasSize(10);
    assertThat(pod.stored()).contains("account_shop/orders/").doesNotContain("secret");
  }

  @Test
  void withoutAStoreRequestsAreRefusedUnlessTheLimitSaysOtherwise() throws IOException {
    // When the store is gone
    pod.killStore();

    // Then what it counts is refused, and the rest is as before
    var refused = refused();
    assertThat(refused.header("x-portcullis-denial").orElseThrow()).startsWith("store-");
    assertThat(refused.header("retry-after")).isPresent();
    assertThat(passed("/lenient", "one", 5)).isEqualTo(5);
    assertThat(status(gates.getFirst(), "/free")).isEqualTo(200);
    gates.getFirst().logged("\"reason\":\"rate_limiter_error\"", "\"denial\":\"store-");
    assertThat(counted("stored_rate_limit.error")).isPositive();
    assertThat(counted("lenient_rate_limit.failure_mode_allowed")).isPositive();

    // When it is back
    pod.startStore();

    // Then counts go on, anew
    awaitAnswer(gates.getFirst(), "/ready");
    await().atMost(PATIENCE).until(() -> status(gates.getFirst(), "/lenient") == 429);

    // When the service is gone, and back
    pod.killService();
    refused();
    assertThat(status(gates.getFirst(), "/lenient")).isEqualTo(200);
    pod.startService();

    // Then nothing was forgotten
    awaitAnswer(gates.getFirst(), "/ready");
    assertThat(status(gates.getFirst(), "/lenient")).isEqualTo(429);
  }

  @Test
  void aServiceThatProvesAnotherIdentityIsNotBelieved() {
    var stranger = new SpiffeId("spiffe://mesh.example/ns/shop/sa/portcullis-rate-limit");
    var service = new RateService("127.0.0.1", pod.port(), stranger, "secret");

    gates.getFirst().serve(countedWith("secret").and(Intents.countedBy(service)));

    assertThat(status(gates.getFirst(), "/ready")).isEqualTo(503);
  }

  @Test
  void whoHasNoCertificateOfTheMeshIsNotHeard() throws IOException {
    try (var stranger = Gate.open(Intents.NONE)) {
      // Given a gate that trusts the service, which does not trust it
      stranger.trust(gates.getFirst().pki(), stranger.pki());
      stranger.serve(countedWith("secret"));

      // Then it is told nothing, and so lets nobody through
      assertThat(status(stranger, "/ready")).isEqualTo(503);
      assertThat(status(stranger, "/free")).isEqualTo(200);

      // When the service's roots are replaced under it
      pod.trust(gates.getFirst().pki(), stranger.pki());

      // Then it is heard, and no program was started anew
      awaitAnswer(stranger, "/ready");
    }
  }

  private long counted(String what) {
    return gates
        .getFirst()
        .envoy()
        .stat("cluster.%s.ratelimit.portcullis.%s".formatted(EnvoyNames.APP_CLUSTER, what));
  }

  private HttpAnswer refused() throws IOException {
    await().atMost(PATIENCE).until(() -> status(gates.getFirst(), "/ready") == 503);
    return gates.getFirst().as(Intents.EDGE).get("/ready");
  }

  private int passed(String path, String tenant, int sent) throws IOException {
    var passed = 0;
    for (var each = 0; each < sent; each++) {
      var request = HttpText.get(path);
      var client = gates.get(each % 2).as(Intents.EDGE);
      var answer = client.send(tenant.isEmpty() ? request : request.header("x-tenant: " + tenant));
      assertThat(answer.status()).isIn(200, 429);
      passed += answer.status() == 200 ? 1 : 0;
    }
    return passed;
  }

  private static int status(Gate gate, String path) {
    try {
      return gate.as(Intents.EDGE).get(path).status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first question waits for a connection. */
  private static void awaitAnswer(Gate gate, String path) {
    await().atMost(PATIENCE).until(() -> status(gate, path) == 200);
  }
}
