package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withBody;
import static dev.portcullis.operator.envoytest.Intents.withCallers;
import static dev.portcullis.operator.envoytest.Intents.withLimits;
import static dev.portcullis.operator.envoytest.Intents.withTimeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.envoytest.Crowd;
import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpAnswer;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.MtlsClient;
import dev.portcullis.operator.envoytest.TestIssuer;
import dev.portcullis.operator.envoytest.TestKeys;
import dev.portcullis.operator.envoytest.TestPki.LeafShape;
import dev.portcullis.operator.golden.BackendViews;
import dev.portcullis.operator.golden.GoldenFolder;
import dev.portcullis.operator.intent.Application.Breaker;
import dev.portcullis.operator.intent.Application.Pool;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.KeyRule;
import dev.portcullis.operator.intent.Limits;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.Proof;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.RateLimit.Reach;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.TokenIssuer.TokenFate;
import dev.portcullis.operator.intent.TokenRule;
import dev.portcullis.operator.resolve.PolicyResolver;
import dev.portcullis.operator.resolve.Resolution.Resolved;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each refusal has an id: the same one in the reply, in the access log and in the metrics. */
class DenialsIT {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String KEY = "b1lling-4f9c2d7e81a05b36c7d8e9f0";
  private static final TestIssuer CORP = TestIssuer.create("corp", "one");
  private static final String NOWHERE = "";

  private static Gate gate;

  @BeforeAll
  static void open() {
    var corp = CORP.trusted(Map.of(), TokenFate.REMOVED, CORP.key());
    var keys = TestKeys.of(Map.of(KEY, "billing"));
    var token = new TokenRule(List.of(corp), Map.of("scope", List.of("orders.admin")));
    gate =
        Gate.open(
            Intents.callers(Intents.EDGE_CALLER, Intents.BATCH_CALLER)
                .and(Intents.limits(new Limits(32 * 1024, 50, 10_000, HOUR)))
                .and(
                    Intents.routes(
                        get("open"),
                        withCallers(get("batch"), Intents.BATCH_CALLER),
                        get("key").asking(new Proof.OfKey(new KeyRule(keys, List.of()))),
                        get("shipping")
                            .asking(new Proof.OfKey(new KeyRule(keys, List.of("shipping")))),
                        get("token").asking(new Proof.OfToken(token)),
                        withLimits(get("rate"), limit("once", Reach.ROUTE)),
                        withLimits(get("shared"), limit("all", Reach.BACKEND)),
                        withBody(route("body", new PathMatch.Exact("/body"), "PUT"), 10),
                        withTimeout(
                            route("slow", new PathMatch.Exact("/slow"), "PUT"),
                            Duration.ofMillis(300)))));
  }

  @AfterAll
  static void close() {
    gate.close();
  }

  private static Route get(String name) {
    return route(name, new PathMatch.Exact("/" + name), "GET");
  }

  private static RateLimit limit(String name, Reach reach) {
    return new RateLimit(name, Intents.PER_ADDRESS, 1, HOUR, 0, 100, reach);
  }

  static Stream<Arguments> refusals() {
    var handshake =
        HttpText.get("/open").header("connection: upgrade").header("upgrade: websocket");
    return Stream.of(
        Arguments.of("callers", "batch", HttpText.get("/batch")),
        Arguments.of("key", "key", HttpText.get("/key")),
        Arguments.of("key", "key", HttpText.get("/key").header("x-api-key: " + "n".repeat(32))),
        Arguments.of("claims", "shipping", HttpText.get("/shipping").header("x-api-key: " + KEY)),
        Arguments.of("token", "token", HttpText.get("/token")),
        Arguments.of(
            "claims",
            "token",
            HttpText.get("/token").header("authorization: Bearer " + CORP.token(Map.of()))),
        Arguments.of("body", "body", HttpText.of("PUT", "/body").body(11)),
        Arguments.of("body", "body", HttpText.of("PUT", "/body").chunked(100)),
        Arguments.of("method", "portcullis:wrong-method:open", HttpText.of("POST", "/open")),
        Arguments.of("upgrade", "open", handshake),
        Arguments.of("path", "portcullis:unknown-path", HttpText.get("/unknown")),
        Arguments.of("path", "portcullis:disguised-path", HttpText.get("/open;a=b")),
        Arguments.of("headers", NOWHERE, HttpText.get("/open").header("x: " + "x".repeat(33_000))),
        Arguments.of("malformed", NOWHERE, HttpText.get("/open").header("a_b: c")),
        Arguments.of("malformed", NOWHERE, HttpText.get("/open%2f")),
        Arguments.of("timeout", "slow", HttpText.of("PUT", "/slow").header("content-length: 9")));
  }

  @ParameterizedTest(name = "{0} at {1}")
  @MethodSource("refusals")
  void itIsTheSameInReplyLogAndMetrics(String layer, String route, HttpText request)
      throws IOException {
    var id = idOf(gate.as(Intents.EDGE).send(request));

    assertThat(id).startsWith(layer + "-");
    assertLoggedAndCounted(gate, id, route);
  }

  @ParameterizedTest
  @MethodSource("limits")
  void soIsThatOfARateLimit(String path) throws IOException {
    var client = gate.as(Intents.EDGE).from("127.50.0.1");
    assertThat(client.get("/" + path).status()).isEqualTo(200);

    var id = idOf(client.get("/" + path));

    assertThat(id).startsWith("rate-");
    assertLoggedAndCounted(gate, id, path);
  }

  static Stream<String> limits() {
    return Stream.of("rate", "shared");
  }

  @Test
  void whatIsAnsweredAlikeHasOneIdAndTwoRulesHaveTwo() throws IOException {
    var edge = gate.as(Intents.EDGE);

    assertThat(idOf(edge.get("/unknown"))).isEqualTo(idOf(edge.get("/open;a=b")));
    assertThat(idOf(edge.get("/key"))).isNotEqualTo(idOf(edge.get("/batch")));
    assertThat(idOf(gate.as(Intents.BATCH).get("/open"))).isNotEqualTo(idOf(edge.get("/batch")));
  }

  /** The application says that it has one. */
  @Test
  void whatTheApplicationAnswersHasNone() throws IOException {
    try (var gate = Gate.open(Intents.NONE)) {
      assertThat(gate.as(Intents.EDGE).get("/files/a").header(DenialId.HEADER)).isEmpty();

      gate.application().answerWith(403);

      var refused = gate.as(Intents.EDGE).get("/files/a");
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.header(DenialId.HEADER)).isEmpty();
      gate.logged("\"code\":403", "via_upstream");
      assertThat(gate.envoy().get("/stats/prometheus")).doesNotContain("envoy_portcullis_denials{");
    }
  }

  /** Whatever it answers to a handshake. */
  @Test
  void norHasItWhereItTakesNoWebSocket() throws IOException {
    try (var gate = Gate.open(Intents.routes(get("chat").ofWebSockets()))) {
      var handshake =
          HttpText.get("/chat").header("connection: upgrade").header("upgrade: websocket");
      for (var status : List.of(200, 403, 426, 503)) {
        gate.application().answerWith(status);

        var answer = gate.as(Intents.EDGE).send(handshake);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header(DenialId.HEADER)).as("%s", answer).isEmpty();
      }
    }
  }

  @Test
  void aPolicyThatNamesTheRouteTheSameGivesTheSameId() throws IOException {
    try (var other = Gate.open(Intents.routes(withCallers(get("batch"), Intents.BATCH_CALLER)))) {
      assertThat(idOf(other.as(Intents.EDGE).get("/batch")))
          .isEqualTo(idOf(gate.as(Intents.EDGE).get("/batch")));
    }
  }

  @Test
  void aConnectionThatNeverWasIsLoggedAndCounted() {
    assertThatThrownBy(() -> MtlsClient.withoutCertificate(gate.port()).get("/open"))
        .isInstanceOf(IOException.class);

    var id = DenialId.ofPolicy(Denial.HANDSHAKE, new BackendKey("shop", "orders")).toString();
    gate.logged("\"event\":\"connection\"", "\"denial\":\"" + id + "\"");
    await().atMost(SOON).until(() -> counted(gate, id, NOWHERE) > 0);
  }

  @Test
  void anEndedCertificateHasAWordOfItsOwn() throws IOException {
    try (var gate = Gate.open(Intents.NONE)) {
      var now = Instant.now();
      var leaf = LeafShape.of(Intents.EDGE).valid(now.minusSeconds(60), now.plusSeconds(8));
      try (var expiring = gate.with(gate.pki().issue(leaf)).connect()) {
        await().atMost(SOON).until(() -> expiring.get("/files/a").status() == 403);

        var id = idOf(expiring.get("/files/a"));

        assertThat(id).startsWith("certificate-");
        assertLoggedAndCounted(gate, id, "files");
      }
    }
  }

  @Test
  void soHasTheBreaker() throws IOException {
    var slow = new Breaker(Duration.ofMillis(50), 95, HOUR);
    var files = route("files", new PathMatch.Prefix("/files"), "GET");
    var change =
        Intents.routes(withTimeout(files, Duration.ofMillis(100))).and(Intents.breaker(slow));
    try (var gate = Gate.open(change);
        var kept = gate.as(Intents.EDGE).connect()) {
      gate.application().hold();

      assertThat(idOf(kept.get("/files/a"))).startsWith("timeout-");
      await().atMost(SOON).until(() -> kept.get("/files/a").status() == 503);

      var id = idOf(kept.get("/files/a"));
      assertThat(id).startsWith("breaker-");
      assertLoggedAndCounted(gate, id, "files");
    }
  }

  @Test
  void soHaveFullPoolsAndAnApplicationThatIsAway() throws IOException {
    var one = new Pool(1024, 1024, 1, HOUR, Optional.empty());
    try (var gate = Gate.open(Intents.pool(one));
        var crowd = new Crowd()) {
      var edge = gate.as(Intents.EDGE);
      gate.application().hold();
      crowd.send(1, () -> edge.get("/files/a"));
      await().atMost(SOON).until(() -> gate.application().seen().size() == 1);
      assertThat(idOf(edge.get("/files/a"))).startsWith("overload-");

      gate.application().close();
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(idOf(edge.get("/files/a"))).startsWith("application-"));
    }
  }

  @Test
  void soHaveMediaTypes() throws IOException {
    var folder = new GoldenFolder(Path.of("src/test/resources/translation/openapi"));
    var resolved = (Resolved) PolicyResolver.resolve(BackendViews.of(folder));
    var routes = resolved.intent().routes().toArray(Route[]::new);
    try (var gate = Gate.open(Intents.routes(routes))) {
      var text = HttpText.of("POST", "/api/v1/orders").header("content-type: text/plain").body(2);

      var answer = gate.as(Intents.EDGE).send(text);

      assertThat(answer.status()).isEqualTo(415);
      assertThat(idOf(answer)).startsWith("media-type-");
    }
  }

  private static String idOf(HttpAnswer answer) {
    assertThat(answer.status()).isGreaterThanOrEqualTo(400);
    assertThat(answer.header(DenialId.HEADER)).isPresent();
    var id = answer.header(DenialId.HEADER).orElseThrow();
    assertThat(id).matches("[a-z-]+-[b-t]{8}");
    return id;
  }

  private static void assertLoggedAndCounted(Gate gate, String id, String route) {
    gate.logged("\"denial\":\"" + id + "\"", route.isEmpty() ? "" : "\"route\":\"" + route + "\"");
    await().atMost(SOON).until(() -> counted(gate, id, route) > 0);
  }

  /** In what Prometheus reads. */
  private static long counted(Gate gate, String id, String route) {
    var line = "envoy_portcullis_denials{denial=\"%s\",route=\"%s\"} ".formatted(id, route);
    return gate.envoy()
        .get("/stats/prometheus")
        .lines()
        .filter(each -> each.startsWith(line))
        .mapToLong(each -> Long.parseLong(each.substring(line.length())))
        .findFirst()
        .orElse(0);
  }
}
