package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withLimits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.RateLimit.Key;
import dev.portcullis.operator.intent.RateLimit.Reach;
import dev.portcullis.operator.intent.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What clients are told apart by: each limit lets three requests of one client pass. */
class RateLimitKeysIT {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final int EACH = 3;
  private static final int FEW = 4;

  private static Gate gate;

  @BeforeAll
  static void open() {
    var perRoute = limit("per-route", 100, Reach.BACKEND, new Key.OfRoute());
    gate =
        Gate.open(
            Intents.routes(
                withLimits(get("all"), limit("all", 100, Reach.ROUTE)),
                withLimits(
                    get("caller"), limit("caller", 100, Reach.ROUTE, new Key.CallerIdentity())),
                withLimits(
                    get("tenant"), limit("tenant", 100, Reach.ROUTE, new Key.Header("x-tenant"))),
                withLimits(
                    get("both"),
                    limit(
                        "both",
                        100,
                        Reach.ROUTE,
                        new Key.ClientAddress(),
                        new Key.Header("x-tenant"))),
                withLimits(get("few"), limit("few", FEW, Reach.ROUTE, new Key.ClientAddress())),
                withLimits(get("route-a"), perRoute),
                withLimits(get("route-b"), perRoute)));
  }

  private static Route get(String name) {
    return route(name, new PathMatch.Exact("/" + name), "GET");
  }

  private static RateLimit limit(String name, int tracked, Reach reach, Key... per) {
    return new RateLimit(name, List.of(per), 1, HOUR, EACH - 1, tracked, reach);
  }

  @AfterAll
  static void close() {
    gate.close();
  }

  @Test
  void withoutAKeyAllShareOneCount() {
    var passed = IntStream.rangeClosed(1, 5).mapToLong(host -> passed(HttpText.get("/all"), host));

    assertThat(passed.sum()).isEqualTo(EACH);
  }

  @Test
  void aCallerIsOneFromWhereverItCallsAndWhateverItClaims() {
    assertThat(passed(HttpText.get("/caller"), 1)).isEqualTo(EACH);
    assertThat(passed(HttpText.get("/caller"), 2)).isZero();
    assertThat(passed(HttpText.get("/caller").header("x-portcullis-caller: somebody"), 1)).isZero();
  }

  @Test
  void eachValueOfAHeaderHasACountOfItsOwn() {
    assertThat(passed(HttpText.get("/tenant").header("X-Tenant: red"), 1)).isEqualTo(EACH);
    assertThat(passed(HttpText.get("/tenant").header("x-tenant: red"), 2)).isZero();
    assertThat(passed(HttpText.get("/tenant").header("x-tenant: blue"), 1)).isEqualTo(EACH);
  }

  @Test
  void requestsWithoutTheHeaderShareACountAndNoneGoesFree() {
    assertThat(passed(HttpText.get("/both"), 1)).isEqualTo(EACH);
    assertThat(passed(HttpText.get("/both").header("x-tenant:"), 1)).isZero();
    assertThat(passed(HttpText.get("/both").header("x-tenant:   "), 1)).isZero();
    assertThat(passed(HttpText.get("/both"), 2)).isEqualTo(EACH);
    assertThat(passed(HttpText.get("/both").header("x-tenant: red"), 1)).isEqualTo(EACH);
  }

  @Test
  void theFirstOfSeveralValuesCounts() {
    var both = HttpText.get("/both").header("x-tenant: green").header("x-tenant: grey");

    assertThat(passed(both, 3)).isEqualTo(EACH);
    assertThat(passed(HttpText.get("/both").header("x-tenant: green"), 3)).isZero();
    assertThat(passed(HttpText.get("/both").header("x-tenant:").header("x-tenant: teal"), 3))
        .isLessThanOrEqualTo(EACH);
  }

  @Test
  void eachRouteCountsForItself() {
    assertThat(passed(HttpText.get("/route-a"), 1)).isEqualTo(EACH);
    assertThat(passed(HttpText.get("/route-a"), 2)).isZero();
    assertThat(passed(HttpText.get("/route-b"), 1)).isEqualTo(EACH);
  }

  @Test
  void whoChangesAddressesGetsNoMoreThanTheClientsThatAreTracked() {
    var passed =
        IntStream.rangeClosed(1, 5 * FEW).mapToLong(host -> passed(HttpText.get("/few"), host));

    assertThat(passed.sum()).isEqualTo((long) FEW * EACH);
  }

  private static long passed(HttpText request, int host) {
    try (var connection = gate.as(Intents.EDGE).from("127.21.0." + host).connect()) {
      var passed = 0;
      for (var sent = 0; sent < 2 * EACH; sent++) {
        var status = connection.send(request).status();
        assertThat(status).isIn(200, 429);
        passed += status == 200 ? 1 : 0;
      }
      return passed;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
