package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.withLimits;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.GrpcClient;
import dev.portcullis.operator.envoytest.HttpAnswer;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.OrdersService;
import dev.portcullis.operator.envoytest.TestIssuer;
import dev.portcullis.operator.envoytest.TestKeys;
import dev.portcullis.operator.golden.BackendViews;
import dev.portcullis.operator.golden.GoldenFolder;
import dev.portcullis.operator.intent.Application;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.KeyRule;
import dev.portcullis.operator.intent.Proof;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.Shadow;
import dev.portcullis.operator.intent.TokenIssuer.TokenFate;
import dev.portcullis.operator.intent.TokenRule;
import dev.portcullis.operator.intent.Transcoding;
import dev.portcullis.operator.resolve.PolicyResolver;
import dev.portcullis.operator.resolve.Resolution.Resolved;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * JSON and gRPC to the same methods, side by side: the golden case {@code grpc-json}, where the
 * edge may use {@code Orders} and the clerk alone {@code Admin}.
 */
class JsonTranscodingIT {

  private static final String CLERK = "spiffe://mesh.example/ns/shop/sa/clerk";

  private static final String KEY = "b1lling-4f9c2d7e81a05b36c7d8e9f0";

  private static OrdersService application;
  private static Gate gate;

  @BeforeAll
  static void open() {
    application = OrdersService.start();
    gate = Gate.open(behind(UnaryOperator.identity()));
  }

  @AfterAll
  static void close() {
    gate.close();
    application.close();
  }

  @BeforeEach
  void forget() {
    application.forget();
  }

  /** The golden policy before this application, its first route changed. */
  private static Intents.Change behind(UnaryOperator<Route> ofCreate) {
    var golden = golden();
    var app = golden.application();
    var routes = golden.routes().toArray(Route[]::new);
    routes[0] = ofCreate.apply(routes[0]);
    return Intents.routes(routes)
        .and(Intents.callers(golden.callers().toArray(Caller[]::new)))
        .and(
            Intents.application(
                new Application(
                    application.port(),
                    app.protocol(),
                    app.connectTimeout(),
                    app.healthCheck(),
                    app.pool(),
                    app.breaker(),
                    app.transcoding())));
  }

  private static BackendIntent golden() {
    var folder = new GoldenFolder(Path.of("src/test/resources/translation/grpc-json"));
    if (PolicyResolver.resolve(BackendViews.of(folder)) instanceof Resolved(var intent)) {
      return intent;
    }
    throw new AssertionError("grpc-json does not resolve");
  }

  private static HttpAnswer as(String identity, HttpText request) throws IOException {
    return gate.as(identity).send(request);
  }

  private static HttpText create(String json) {
    return HttpText.of("POST", "/v1/orders").json(json);
  }

  private static UnknownFieldSet lastMessage() throws InvalidProtocolBufferException {
    return UnknownFieldSet.parseFrom(application.last().message());
  }

  private static String text(int field) throws InvalidProtocolBufferException {
    return lastMessage().getField(field).getLengthDelimitedList().getFirst().toStringUtf8();
  }

  @Test
  void aJsonRequestIsACallAndItsAnswerJson() throws IOException {
    var answer =
        as(Intents.EDGE, create("{\"id\": \"7\", \"giftWrapped\": true, \"note\": \"für\"}"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).contains("application/json");
    assertThat(answer.header("x-frame-options")).contains("DENY");
    assertThat(answer.body().replace(" ", ""))
        .contains("\"id\":\"7\"", "\"note\":\"für\"", "\"gift_wrapped\":true", "\"amount\":0");
    assertThat(application.last().method()).isEqualTo("shop.v1.Orders/Create");
    assertThat(text(2)).isEqualTo("für");
  }

  @Test
  void pathAndQueryBecomeFields() throws IOException {
    assertThat(as(Intents.EDGE, HttpText.get("/v1/orders/a%20b?note=x&amount=3")).status())
        .isEqualTo(200);

    assertThat(application.last().method()).isEqualTo("shop.v1.Orders/Read");
    assertThat(text(1)).isEqualTo("a b");
    assertThat(text(2)).isEqualTo("x");
    assertThat(lastMessage().getField(3).getVarintList()).containsExactly(3L);
  }

  @Test
  void aStreamOfAnswersIsAList() throws IOException {
    var answer = as(Intents.EDGE, HttpText.get("/v1/orders/7:watch"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).startsWith("[").endsWith("]").containsPattern("\"7\".*\"7\"");
  }

  @Test
  void theApplicationSeesTheCallAlone() throws IOException {
    as(
        Intents.EDGE,
        HttpText.get("/v1/orders/7?note=secret")
            .header("x-envoy-original-path: /spoofed")
            .header("x-envoy-original-method: PUT"));

    var headers = application.last().headers();
    for (var trace : JsonTranscoder.TRACES) {
      assertThat(headers.get(Metadata.Key.of(trace, Metadata.ASCII_STRING_MARSHALLER))).isNull();
    }
  }

  @Test
  void grpcPassesAsItIs() throws Exception {
    try (var client = new GrpcClient(gate.port(), gate.pki().issue(Intents.EDGE))) {
      var stream = client.stream("shop.v1.Orders/Create");
      stream.send(new byte[] {10, 1, '7'});

      assertThat(stream.answer()).contains(new byte[] {10, 1, '7'});
      assertThat(stream.end()).isEqualTo(Code.OK);
      assertThat(client.stream("shop.v1.Admin/Delete").end()).isEqualTo(Code.PERMISSION_DENIED);
      assertThat(client.stream("v1/orders").end()).isEqualTo(Code.UNIMPLEMENTED);
    }
  }

  @Test
  void whatACallMayInShadowItsJsonMayToo() throws Exception {
    var shadow = Intents.shadow(new Shadow.OfRoutes(List.of("admin")));
    try (var own = Gate.open(behind(UnaryOperator.identity()).and(shadow));
        var client = new GrpcClient(own.port(), own.pki().issue(Intents.EDGE))) {
      var answer = own.as(Intents.EDGE).send(HttpText.of("DELETE", "/v1/orders/7"));

      assertThat(answer.status()).isEqualTo(200);
      assertThat(application.last().method()).isEqualTo("shop.v1.Admin/Delete");
      own.logged(
          "\"event\":\"shadow\"",
          "\"rule\":\"callers\"",
          "\"route\":\"admin\"",
          answer.header("x-request-id").orElseThrow());
      var stream = client.stream("shop.v1.Admin/Delete");
      stream.send(new byte[] {10, 1, '7'});
      assertThat(stream.end()).isEqualTo(Code.OK);
      assertThat(own.as(Intents.BATCH).send(create("{}")).status()).isEqualTo(403);
    }
  }

  @Test
  void whatHoldsForACallHoldsForItsJson() throws IOException {
    var delete = HttpText.of("DELETE", "/v1/orders/7");

    assertThat(as(Intents.EDGE, delete).status()).isEqualTo(403);
    assertThat(as(Intents.BATCH, create("{}")).status()).isEqualTo(403);
    assertThat(application.calls()).isEmpty();
    gate.logged("\"code\":403", "\"route\":\"admin\"", "/shop.v1.Admin/Delete");

    assertThat(as(CLERK, delete).status()).isEqualTo(200);
    assertThat(application.last().method()).isEqualTo("shop.v1.Admin/Delete");
  }

  @Test
  void anAliasInTheNameOfAnotherMethodGetsPastNoRule() throws IOException {
    var alias = HttpText.of("POST", "/shop.v1.Orders/Create").json("{\"id\": \"7\"}");

    assertThat(as(Intents.EDGE, alias).status()).isEqualTo(403);
    assertThat(application.calls()).isEmpty();

    assertThat(as(CLERK, alias).status()).isEqualTo(200);
    assertThat(application.last().method()).isEqualTo("shop.v1.Admin/Delete");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/orders/7?nothing=1",
        "/v1/orders/7?note=a&note.x=b",
        "/v1/orders/7?amount=many"
      })
  void whatAFieldCannotHoldIsRefused(String target) throws IOException {
    assertThat(as(Intents.EDGE, HttpText.get(target)).status()).isEqualTo(400);
    assertThat(application.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[]", "{\"amount\": \"x\"}", "{}{}", "null,"})
  void whatIsNoMessageIsRefused(String body) throws IOException {
    var answer = as(Intents.EDGE, create(body));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header(DenialId.HEADER).orElseThrow()).startsWith("transcoding-");
    assertThat(application.calls()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/orders, 404",
    "PUT, /v1/orders/7, 404",
    "GET, /v1/orders/7/x, 404",
    "GET, /v1/orders/a%2Fb, 400",
    "POST, /v1/../v1/audit, 404",
    "GET, /shop.v1.Orders/Read, 405",
    "GET, /shop.v1.Reports/All, 404",
  })
  void whatNoOptionNamesIsNoCall(String method, String target, int status) throws IOException {
    var answer = as(Intents.EDGE, HttpText.of(method, target));

    assertThat(List.of(answer.status(), application.calls().size())).isEqualTo(List.of(status, 0));
  }

  @Test
  void whatThePathOfACallMustNotHoldIsAValueInAMessage() throws IOException {
    as(Intents.EDGE, HttpText.get("/v1/orders/7;x=%25y"));

    assertThat(application.last().method()).isEqualTo("shop.v1.Orders/Read");
    assertThat(text(1)).isEqualTo("7;x=%y");
  }

  @Test
  void aFieldThatPathAndQueryNameArrivesFromBoth() throws IOException {
    as(Intents.EDGE, HttpText.get("/v1/orders/7?id=8"));

    assertThat(lastMessage().getField(1).getLengthDelimitedList())
        .extracting(each -> each.toStringUtf8())
        .containsExactly("7", "8");
  }

  @Test
  void fieldsOfABodyThatNoMessageHasAreLeftOut() throws IOException {
    assertThat(as(Intents.EDGE, create("{\"nothing\": 1, \"id\": \"7\"}")).status()).isEqualTo(200);

    assertThat(lastMessage().asMap()).containsOnlyKeys(1);
  }

  @Test
  void calledGrpcJsonIsNotTakenForACall() throws IOException {
    var pretended =
        HttpText.of("DELETE", "/v1/orders/7").header("content-type: application/grpc+json");

    as(CLERK, pretended);

    assertThat(application.calls()).isEmpty();
  }

  @Test
  void theErrorOfACallIsToldAsJson() throws IOException {
    var answer = as(Intents.EDGE, HttpText.get("/v1/orders/fails"));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("\"code\":9", "\"message\":\"not today\"");
    assertThat(answer.header("x-frame-options")).contains("DENY");
  }

  @Test
  void jsonAndItsMessageAreBounded() throws IOException {
    var within = "x".repeat(60 * 1024);
    assertThat(as(Intents.EDGE, create("{\"note\":\"" + within + "\"}")).status()).isEqualTo(200);
    application.forget();

    var beyondTheRoute = "x".repeat(70 * 1024);
    var beyondAll = "x".repeat(3 * 1024 * 1024);
    assertThat(as(Intents.EDGE, create("{\"note\":\"" + beyondTheRoute + "\"}")).status())
        .isEqualTo(413);
    assertThat(as(Intents.EDGE, create("{\"note\":\"" + beyondAll + "\"}")).status())
        .isEqualTo(413);
    assertThat(application.calls()).isEmpty();
  }

  @Test
  void theMessageOfAnAnswerIsBounded() throws IOException {
    assertThat(as(Intents.EDGE, HttpText.get("/v1/orders/large")).status()).isEqualTo(500);
    assertThat(as(Intents.EDGE, HttpText.get("/v1/orders/medium")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void ratesCountBothTogether(RateLimit.Reach reach) throws Exception {
    var limit = new RateLimit("few", Intents.PER_ADDRESS, 1, Duration.ofHours(1), 1, 100, reach);
    try (var own = Gate.open(behind(route -> withLimits(route, limit)));
        var client = new GrpcClient(own.port(), own.pki().issue(Intents.EDGE))) {
      assertThat(own.as(Intents.EDGE).send(create("{}")).status()).isEqualTo(200);
      var stream = client.stream("shop.v1.Orders/Create");
      stream.send(new byte[0]);
      assertThat(stream.end()).isEqualTo(Code.OK);

      var refused = own.as(Intents.EDGE).send(create("{}"));
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.header("retry-after")).isPresent();
      assertThat(client.stream("shop.v1.Orders/Create").end()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    }
  }

  @Test
  void tokensAreAskedOfBoth() throws Exception {
    var issuer = TestIssuer.create("corp", "one");
    var rule =
        new Proof.OfToken(
            new TokenRule(
                List.of(issuer.trusted(Map.of(), TokenFate.REMOVED, issuer.key())), Map.of()));
    try (var own = Gate.open(behind(route -> route.asking(rule)));
        var client = new GrpcClient(own.port(), own.pki().issue(Intents.EDGE))) {
      assertThat(own.as(Intents.EDGE).send(create("{}")).status()).isEqualTo(401);
      assertThat(client.stream("shop.v1.Orders/Create").end()).isEqualTo(Code.UNAUTHENTICATED);
      assertThat(application.calls()).isEmpty();

      var shown = create("{}").header("authorization: Bearer " + issuer.token(Map.of()));
      assertThat(own.as(Intents.EDGE).send(shown).status()).isEqualTo(200);
    }
  }

  @Test
  void keysAreAskedOfJsonToo() throws IOException {
    var rule = new Proof.OfKey(new KeyRule(TestKeys.of(Map.of(KEY, "billing")), List.of()));
    try (var own = Gate.open(behind(route -> route.asking(rule)))) {
      var caller = own.as(Intents.EDGE);
      assertThat(caller.send(create("{}")).status()).isEqualTo(401);
      assertThat(caller.send(create("{}").header("x-api-key: x" + KEY)).status()).isEqualTo(401);
      assertThat(application.calls()).isEmpty();

      assertThat(caller.send(create("{}").header("x-api-key: " + KEY)).status()).isEqualTo(200);
    }
  }

  @Test
  void anEditOfTheSetCountsOnConnectionsThatStayOpen() throws IOException {
    try (var own = Gate.open(behind(UnaryOperator.identity()));
        var kept = own.as(CLERK).connect()) {
      var delete = HttpText.of("DELETE", "/v1/orders/7");
      assertThat(kept.send(delete).status()).isEqualTo(200);

      own.serve(behind(UnaryOperator.identity()).and(JsonTranscodingIT::withOrdersAlone));

      assertThat(kept.send(delete).status()).isEqualTo(404);
      assertThat(kept.get("/v1/orders/7").status()).isEqualTo(200);
      assertThat(own.envoy().stat("listener_manager.listener_modified")).isZero();
    }
  }

  private static BackendIntent withOrdersAlone(BackendIntent intent) {
    var app = intent.application();
    var old = app.transcoding().orElseThrow();
    var fewer =
        new Transcoding(
            old.descriptorSet(),
            List.of("shop.v1.Orders"),
            old.maxResponseBytes(),
            old.fieldNames(),
            old.unsetFields());
    return Intents.application(
            new Application(
                app.port(),
                app.protocol(),
                app.connectTimeout(),
                app.healthCheck(),
                app.pool(),
                app.breaker(),
                Optional.of(fewer)))
        .apply(intent);
  }
}
