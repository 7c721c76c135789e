package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withBody;
import static dev.portcullis.operator.envoytest.Intents.withCallers;
import static dev.portcullis.operator.envoytest.Intents.withLimits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpAnswer;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.TestIssuer;
import dev.portcullis.operator.envoytest.TestKeys;
import dev.portcullis.operator.envoytest.TestPki;
import dev.portcullis.operator.intent.ApiKeys;
import dev.portcullis.operator.intent.ApiKeys.KeyFate;
import dev.portcullis.operator.intent.KeyRule;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.Proof;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.RateLimit.Reach;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.Shadow;
import dev.portcullis.operator.intent.TokenIssuer.TokenFate;
import dev.portcullis.operator.intent.TokenRule;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What would be denied passes, is logged and counted by rule; the same gate enforced denies it. A
 * route beside it that is excepted denies in both.
 */
class ShadowIT {

  private static final String KEY = "b1lling-4f9c2d7e81a05b36c7d8e9f0";
  private static final String OTHERS = "shipping-0a1b2c3d4e5f60718293a4b5";
  private static final String NOBODYS = "nobody-9988776655443322110099aabb";
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration COUNTED = Duration.ofSeconds(10);
  private static final TestIssuer CORP = TestIssuer.create("corp", "one");
  private static final TokenRule TOKEN =
      new TokenRule(
          List.of(CORP.trusted(Map.of("sub", "x-user"), TokenFate.REMOVED, CORP.key())), Map.of());
  private static final ApiKeys KEYS =
      new ApiKeys(
          TestKeys.HEADER,
          Optional.of("x-client"),
          KeyFate.REMOVED,
          Map.of(TestKeys.digest(KEY), "billing", TestKeys.digest(OTHERS), "shipping"),
          List.of());
  private static final KeyRule BILLING = new KeyRule(KEYS, List.of("billing"));
  private static final RateLimit SHARED =
      new RateLimit("shared", List.of(), 1, HOUR, 0, 10, Reach.BACKEND);

  private static final Route[] ROUTES = {
    get("plain"),
    get("token").asking(new Proof.OfToken(TOKEN)),
    get("key").asking(new Proof.OfKey(BILLING)),
    get("either").asking(new Proof.Either(TOKEN, BILLING)),
    get("both").asking(new Proof.Both(TOKEN, BILLING)),
    withLimits(get("own"), new RateLimit("slow", List.of(), 1, HOUR, 0, 10, Reach.ROUTE)),
    withLimits(get("shared"), SHARED),
    withLimits(get("strict"), SHARED),
    withBody(route("body", new PathMatch.Exact("/body"), "POST"), 10),
    route("chat", new PathMatch.Exact("/chat"), "GET").ofWebSockets()
  };

  private static final List<String> SHADOWED =
      Arrays.stream(ROUTES).map(Route::name).filter(name -> !name.equals("strict")).toList();

  private static Gate shadow;
  private static Gate enforcing;

  @BeforeAll
  static void open() {
    var routes = Intents.routes(ROUTES);
    enforcing = Gate.open(routes);
    shadow =
        Gate.open(
            routes.and(Intents.shadow(new Shadow.OfPolicy(SHADOWED, Duration.ofSeconds(15)))));
  }

  @AfterAll
  static void close() {
    shadow.close();
    enforcing.close();
  }

  @BeforeEach
  void forget() {
    shadow.application().forget();
    enforcing.application().forget();
  }

  private static Route get(String name) {
    return route(name, new PathMatch.Exact("/" + name), "GET");
  }

  private static HttpText withKey(String key, String path) {
    return HttpText.get(path).header(TestKeys.HEADER + ": " + key);
  }

  private static HttpText withToken(HttpText request) {
    return request.header("authorization: Bearer " + CORP.token(Map.of()));
  }

  private static HttpText withForgery(HttpText request) {
    return request.header("authorization: Bearer a.b.c");
  }

  private static long count(String rule, String route) {
    return shadow.envoy().stat("portcullis.shadow_requests.rule." + rule + ".route." + route);
  }

  static Stream<Arguments> denied() {
    return Stream.of(
        Arguments.of(Intents.BATCH, HttpText.get("/plain"), 403, "callers", "plain"),
        Arguments.of(Intents.BATCH, HttpText.get("/token"), 403, "callers", "token"),
        Arguments.of(Intents.EDGE, HttpText.get("/token"), 401, "token", "token"),
        Arguments.of(Intents.EDGE, withForgery(HttpText.get("/token")), 401, "token", "token"),
        Arguments.of(Intents.EDGE, HttpText.get("/key"), 401, "key", "key"),
        Arguments.of(Intents.EDGE, withKey(NOBODYS, "/key"), 401, "key", "key"),
        Arguments.of(Intents.EDGE, withKey(OTHERS, "/key"), 403, "key", "key"),
        Arguments.of(Intents.EDGE, HttpText.get("/either"), 401, "token-or-key", "either"),
        Arguments.of(Intents.EDGE, withForgery(HttpText.get("/either")), 401, "token", "either"),
        Arguments.of(Intents.EDGE, withForgery(withKey(KEY, "/either")), 401, "token", "either"),
        Arguments.of(Intents.EDGE, withToken(withKey(NOBODYS, "/either")), 401, "key", "either"),
        Arguments.of(Intents.EDGE, withKey(KEY, "/both"), 401, "token", "both"),
        Arguments.of(Intents.EDGE, withToken(HttpText.get("/both")), 401, "key", "both"),
        Arguments.of(Intents.EDGE, HttpText.of("POST", "/body").body(11), 413, "body", "body"),
        Arguments.of(
            Intents.EDGE, HttpText.of("POST", "/body").chunked(70_000), 413, "body", "body"),
        Arguments.of(
            Intents.EDGE,
            HttpText.of("PUT", "/plain").body(1),
            405,
            "method",
            "portcullis:wrong-method:plain"),
        Arguments.of(
            Intents.EDGE, HttpText.get("/chat"), 426, "upgrade", "portcullis:no-handshake:chat"),
        Arguments.of(
            Intents.EDGE, HttpText.get("/unknown"), 404, "path", "portcullis:unknown-path"),
        Arguments.of(
            Intents.BATCH, HttpText.get("/unknown"), 404, "path", "portcullis:unknown-path"));
  }

  @ParameterizedTest(name = "{3} on {4} for {0}")
  @MethodSource("denied")
  void whatWouldBeDeniedPassesAndIsCountedByRule(
      String caller, HttpText request, int status, String rule, String route) throws IOException {
    // Given
    var before = count(rule, route);

    // When
    var refused = enforcing.as(caller).send(request);
    var passed = shadow.as(caller).send(request);

    // Then
    assertThat(refused.status()).isEqualTo(status);
    assertThat(passed.status()).isEqualTo(200);
    assertThat(shadow.application().seen()).hasSize(1);
    await()
        .atMost(COUNTED)
        .untilAsserted(() -> assertThat(count(rule, route)).isEqualTo(before + 1));
    shadow.logged(
        "\"event\":\"shadow\"",
        "\"rule\":\"" + rule + "\"",
        "\"route\":\"" + route + "\"",
        passed.header("x-request-id").orElseThrow());
  }

  static Stream<HttpText> allowed() {
    return Stream.of(
        HttpText.get("/plain"),
        withToken(HttpText.get("/token")),
        withKey(KEY, "/key"),
        withKey(KEY, "/either"),
        withToken(HttpText.get("/either")),
        withToken(withKey(KEY, "/either")),
        withToken(withKey(KEY, "/both")),
        HttpText.of("POST", "/body").body(10));
  }

  @ParameterizedTest
  @MethodSource("allowed")
  void whatIsAllowedIsNotToldOf(HttpText request) throws IOException {
    assertThat(enforcing.as(Intents.EDGE).send(request).status()).isEqualTo(200);
    var passed = shadow.as(Intents.EDGE).send(request);
    shadow.as(Intents.EDGE).get("/last");

    assertThat(passed.status()).isEqualTo(200);
    shadow.logged("\"path\":\"/last\"");
    assertThat(shadow.envoy().accessLog())
        .noneMatch(line -> line.contains(passed.header("x-request-id").orElseThrow()));
  }

  @Test
  void ratesAreCountedAndClientsHearNothingOfIt() throws IOException {
    for (var path : List.of("/own", "/shared")) {
      var first = shadow.as(Intents.EDGE).get(path);
      var second = shadow.as(Intents.EDGE).get(path);

      assertThat(List.of(first.status(), second.status())).containsOnly(200);
      assertThat(names(second)).isEqualTo(names(first));
      assertThat(names(first)).noneMatch(name -> name.contains("ratelimit"));
      assertThat(shadow.application().last().headers().keySet())
          .noneMatch(name -> name.startsWith("x-portcullis-shadow"));
    }
    shadow.logged("\"rule\":\"rate:slow\"", "\"route\":\"own\"");
    shadow.logged("\"rule\":\"rate:shared\"", "\"route\":\"shared\"");
    assertThat(shadow.envoy().accessLog().stream().filter(line -> line.contains("rate:slow")))
        .hasSize(1);

    // What is in shadow has used up nothing of what is enforced.
    assertThat(shadow.as(Intents.EDGE).get("/strict").status()).isEqualTo(200);
    assertThat(shadow.as(Intents.EDGE).get("/strict").status()).isEqualTo(429);
  }

  private static List<String> names(HttpAnswer answer) {
    return answer.headers().keySet().stream().sorted().toList();
  }

  @Test
  void aRouteThatIsExceptedDenies() throws IOException {
    assertThat(shadow.as(Intents.BATCH).get("/strict").status()).isEqualTo(403);
    assertThat(shadow.as(Intents.EDGE).send(HttpText.of("PUT", "/strict")).status()).isEqualTo(405);

    shadow.logged("\"event\":\"request\"", "rbac_access_denied_matched_policy[shop/orders/strict]");
  }

  @Test
  void aRouteInShadowIsAloneInThat() throws IOException {
    var reports = withCallers(get("reports"), Intents.BATCH_CALLER);
    var change = Intents.routes(get("plain"), reports);
    try (var own = Gate.open(change.and(Intents.shadow(new Shadow.OfRoutes(List.of("reports")))))) {
      var edge = own.as(Intents.EDGE);

      assertThat(edge.get("/reports").status()).isEqualTo(200);
      own.logged("\"event\":\"shadow\"", "\"rule\":\"callers\"", "\"route\":\"reports\"");
      assertThat(own.as(Intents.BATCH).get("/plain").status()).isEqualTo(403);
      assertThat(edge.get("/unknown").status()).isEqualTo(404);
      assertThat(own.as(Intents.BATCH).send(HttpText.of("PUT", "/reports")).status())
          .isEqualTo(405);
    }
  }

  @Test
  void whatIsNoRuleOfThePolicyIsRefusedAllTheSame() throws IOException {
    var edge = shadow.as(Intents.EDGE);
    var stranger = shadow.with(TestPki.create().issue(Intents.EDGE));

    assertThatThrownBy(() -> stranger.get("/plain")).isInstanceOf(IOException.class);
    assertThat(edge.get("/plain;admin").status()).isEqualTo(404);
    assertThat(edge.get("/plain%2f").status()).isEqualTo(400);
    assertThat(edge.send(HttpText.get("/plain").header("x: " + "y".repeat(40_000))).status())
        .isEqualTo(431);
    assertThat(shadow.application().seen()).isEmpty();
  }

  @Test
  void whatClientsClaimNeverArrives() throws IOException {
    var claims =
        HttpText.get("/token")
            .header("x-user: mallory")
            .header("x-client: billing")
            .header("x-portcullis-caller: spiffe://mesh.example/ns/a/sa/b")
            .header("x-portcullis-shadow-limits: forged");

    assertThat(shadow.as(Intents.BATCH).send(claims).status()).isEqualTo(200);

    var seen = shadow.application().last();
    assertThat(seen.headers()).doesNotContainKeys("x-user", "x-client");
    assertThat(seen.header("x-portcullis-caller")).isEqualTo(Intents.BATCH);
    shadow.logged("\"rule\":\"callers\"", "\"route\":\"token\"");
  }
}
