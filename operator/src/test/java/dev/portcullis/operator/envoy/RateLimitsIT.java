package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withLimits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.RateLimit.Reach;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Counts per client address. Each test calls from addresses of its own. */
class RateLimitsIT {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final int TRACKED = 200;

  private static Gate gate;

  @BeforeAll
  static void open() {
    var shared = new RateLimit("shared", Intents.PER_ADDRESS, 1, HOUR, 5, TRACKED, Reach.BACKEND);
    gate =
        Gate.open(
            Intents.routes(
                withLimits(get("rate"), limit("per-ip", 50, Duration.ofSeconds(1), 20)),
                withLimits(get("burst"), limit("per-ip", 1, HOUR, 20)),
                withLimits(get("slow"), limit("per-ip", 1, HOUR, 4)),
                withLimits(get("other"), limit("per-ip", 1, HOUR, 4)),
                withLimits(
                    get("two"),
                    limit("narrow", 1, HOUR, 2),
                    limit("wide", 1, Duration.ofMinutes(90), 9)),
                withLimits(get("shared-a"), shared),
                withLimits(get("shared-b"), shared),
                withLimits(get("shared-c"), limit("own", 1, HOUR, 2), shared),
                withLimits(get("short"), limit("short", 3, Duration.ofMillis(20), 4)),
                get("free")));
  }

  private static dev.portcullis.operator.intent.Route get(String name) {
    return route(name, new PathMatch.Exact("/" + name), "GET");
  }

  private static RateLimit limit(String name, int requests, Duration interval, int burst) {
    return new RateLimit(
        name, Intents.PER_ADDRESS, requests, interval, burst, TRACKED, Reach.ROUTE);
  }

  @AfterAll
  static void close() {
    gate.close();
  }

  @Test
  void burstAndRateAddUpAsInNginx() throws IOException {
    var expected = 0;
    var passed = 0;
    try (var connection = gate.as(Intents.EDGE).from("127.1.0.1").connect()) {
      var tokens = 21.0;
      var last = System.nanoTime();
      for (var sent = 0; sent < 400; sent++) {
        var now = System.nanoTime();
        tokens = Math.min(21, tokens + 50 * (now - last) / 1e9);
        last = now;
        if (tokens >= 1) {
          tokens--;
          expected++;
        }
        passed += connection.get("/rate").status() == 200 ? 1 : 0;
      }
    }

    // One due, 20 of the burst, and 50 for each second that the test itself took.
    assertThat(expected).isBetween(21, 399);
    assertThat(passed).isBetween(expected - 1, expected + 1);
  }

  @Test
  void aBurstOfAHundredLetsTwentyOnePass() {
    assertThat(passed("127.1.0.3", "/burst", 100)).isEqualTo(21);
  }

  @Test
  void theAnswerSaysHowMuchIsLeftAndWhenToComeBack() throws IOException {
    var client = gate.as(Intents.EDGE).from("127.1.0.2");
    for (var left = 4; left >= 0; left--) {
      var answer = client.get("/slow");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("x-ratelimit-limit")).contains("5");
      assertThat(answer.header("x-ratelimit-remaining")).contains(String.valueOf(left));
    }

    var refused = client.get("/slow");

    assertThat(refused.status()).isEqualTo(429);
    assertThat(Integer.parseInt(refused.header("retry-after").orElseThrow())).isPositive();
    assertThat(refused.header("ratelimit-policy")).contains("\"per-ip\";q=1;w=3600");
    gate.logged(
        "\"policy\":\"shop/orders\"",
        "\"route\":\"slow\"",
        "\"reason\":\"local_rate_limited\"",
        "per-ip",
        "127.1.0.2");
  }

  @Test
  void thirtyAddressesAtOnceAreEachLimitedByTheirOwnCount() {
    var counts =
        IntStream.rangeClosed(1, 30)
            .parallel()
            .mapToLong(host -> passed("127.2.0." + host, "/slow", 12))
            .toArray();

    assertThat(counts).hasSize(30).containsOnly(5);
  }

  @Test
  void anExhaustedClientStaysSoWhileOthersPassBy() {
    assertThat(passed("127.3.0.1", "/slow", 8)).isEqualTo(5);
    for (var host = 2; host <= 150; host++) {
      assertThat(passed("127.3.0." + host, "/slow", 1)).isEqualTo(1);
    }

    assertThat(passed("127.3.0.1", "/slow", 3)).isZero();
  }

  @Test
  void eachRouteCountsOnItsOwn() {
    assertThat(passed("127.4.0.1", "/slow", 8)).isEqualTo(5);
    assertThat(passed("127.4.0.1", "/other", 8)).isEqualTo(5);
    assertThat(passed("127.4.0.1", "/free", 40)).isEqualTo(40);
  }

  @Test
  void theNarrowestOfSeveralLimitsDecides() {
    assertThat(passed("127.5.0.1", "/two", 12)).isEqualTo(3);
  }

  @Test
  void aBackendsLimitIsSharedByItsRoutes() {
    assertThat(passed("127.6.0.1", "/shared-a", 3)).isEqualTo(3);
    assertThat(passed("127.6.0.1", "/shared-b", 5)).isEqualTo(3);
    assertThat(passed("127.6.0.1", "/shared-a", 2)).isZero();
    assertThat(passed("127.6.0.1", "/free", 2)).isEqualTo(2);
    assertThat(passed("127.6.0.2", "/shared-b", 9)).isEqualTo(6);
    gate.logged("\"route\":\"shared-b\"", "shared", "127.6.0.1");
  }

  @Test
  void whatCountsForNothingSaysNothingOfLimits() throws IOException {
    var edge = gate.as(Intents.EDGE).from("127.6.0.3");

    for (var answer :
        List.of(edge.get("/free"), edge.get("/unknown"), edge.send(HttpText.of("PUT", "/free")))) {
      assertThat(answer.header("x-ratelimit-limit")).isEmpty();
    }
    assertThat(edge.get("/shared-c").header("x-ratelimit-limit")).contains("6");
  }

  @Test
  void aRouteWithItsOwnLimitStillCountsForTheBackend() {
    assertThat(passed("127.7.0.1", "/shared-c", 9)).isEqualTo(3);
    assertThat(passed("127.7.0.1", "/shared-a", 9)).isEqualTo(3);
  }

  @Test
  void anIntervalBelowEnvoysLeastIsTheSameRate() throws IOException {
    assertThat(gate.as(Intents.EDGE).from("127.8.0.1").get("/short").header("x-ratelimit-limit"))
        .contains("5");
  }

  @Test
  void whoIsNotACallerUsesUpNobodysCount() throws IOException {
    for (var sent = 0; sent < 10; sent++) {
      assertThat(gate.as(Intents.BATCH).from("127.9.0.1").get("/slow").status()).isEqualTo(403);
    }
    assertThat(passed("127.9.0.1", "/slow", 8)).isEqualTo(5);
  }

  @Test
  void noHeaderChangesWhoIsCounted() throws IOException {
    try (var connection = gate.as(Intents.EDGE).from("127.12.0.1").connect()) {
      for (var sent = 1; sent <= 8; sent++) {
        var request = HttpText.get("/slow").header("x-forwarded-for: 203.0.113." + sent);
        assertThat(connection.send(request).status()).isEqualTo(sent <= 5 ? 200 : 429);
      }
    }
  }

  private static long passed(String address, String path, int requests) {
    try (var connection = gate.as(Intents.EDGE).from(address).connect()) {
      var passed = 0;
      for (var sent = 0; sent < requests; sent++) {
        var status = connection.get(path).status();
        assertThat(status).isIn(200, 429);
        passed += status == 200 ? 1 : 0;
      }
      return passed;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
