package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpAnswer;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.TestIssuer;
import dev.portcullis.operator.envoytest.TestKeys;
import dev.portcullis.operator.intent.ApiKeys;
import dev.portcullis.operator.intent.ApiKeys.KeyFate;
import dev.portcullis.operator.intent.KeyRule;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.Proof;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.TokenIssuer.TokenFate;
import dev.portcullis.operator.intent.TokenRule;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a key must be, alone and beside a token, on top of the caller's certificate. */
class ApiKeysIT {

  private static final String BILLING = "b1lling-4f9c2d7e81a05b36c7d8e9f0";
  private static final String SHIPPING = "shipping-0a1b2c3d4e5f60718293a4b5";
  private static final String NOBODYS = "nobody-9988776655443322110099aabb";
  private static final String HEADER = TestKeys.HEADER;
  private static final String CLIENT = "x-client";

  private static final TestIssuer CORP = TestIssuer.create("corp", "one");

  private static Gate gate;

  @BeforeAll
  static void open() {
    var keys = keys(BILLING, SHIPPING);
    var token =
        new TokenRule(
            List.of(CORP.trusted(Map.of("sub", "x-user"), TokenFate.REMOVED, CORP.key())),
            Map.of());
    var any = new KeyRule(keys, List.of());
    gate =
        Gate.open(
            Intents.routes(
                get("key").asking(new Proof.OfKey(any)),
                get("billing").asking(new Proof.OfKey(new KeyRule(keys, List.of("billing")))),
                get("either").asking(new Proof.Either(token, any)),
                get("both").asking(new Proof.Both(token, any)),
                get("token").asking(new Proof.OfToken(token)),
                get("open")));
  }

  @AfterAll
  static void close() {
    gate.close();
  }

  @BeforeEach
  void forget() {
    gate.application().forget();
  }

  private static ApiKeys keys(String billing, String shipping) {
    return new ApiKeys(
        HEADER,
        Optional.of(CLIENT),
        KeyFate.REMOVED,
        Map.of(TestKeys.digest(billing), "billing", TestKeys.digest(shipping), "shipping"),
        List.of());
  }

  private static Route get(String name) {
    return route(name, new PathMatch.Exact("/" + name), "GET");
  }

  private static HttpText with(String key, String path) {
    return HttpText.get(path).header(HEADER + ": " + key);
  }

  private static HttpText withToken(HttpText request) {
    return request.header("authorization: Bearer " + CORP.token(Map.of()));
  }

  private static HttpAnswer asEdge(HttpText request) throws IOException {
    return gate.as(Intents.EDGE).send(request);
  }

  private static void refused(HttpAnswer answer, int status) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(gate.application().seen()).isEmpty();
  }

  @Test
  void aKnownKeyIsLetInAndItsClientTold() throws IOException {
    for (var header : List.of("x-api-key", "X-Api-Key", "X-API-KEY")) {
      assertThat(asEdge(HttpText.get("/key").header(header + ": " + BILLING)).status())
          .isEqualTo(200);
    }

    var seen = gate.application().last();
    assertThat(seen.header(CLIENT)).isEqualTo("billing");
    assertThat(seen.headers()).doesNotContainKey(HEADER);
  }

  static Stream<Arguments> forgeries() {
    return Stream.of(
        Arguments.of("none", HttpText.get("/key")),
        Arguments.of("an empty one", with("", "/key")),
        Arguments.of("nobody's", with(NOBODYS, "/key")),
        Arguments.of("the digest of one", with(TestKeys.digest(BILLING), "/key")),
        Arguments.of("in another case", with(BILLING.toUpperCase(Locale.ROOT), "/key")),
        Arguments.of("a part", with(BILLING.substring(1), "/key")),
        Arguments.of("more", with(BILLING + "0", "/key")),
        Arguments.of("two in one", with(BILLING + "," + BILLING, "/key")),
        Arguments.of("two", with(BILLING, "/key").header(HEADER + ": " + BILLING)),
        Arguments.of("before an empty one", with(BILLING, "/key").header(HEADER + ": ")),
        Arguments.of("after a wrong one", with(NOBODYS, "/key").header(HEADER + ": " + BILLING)),
        Arguments.of("a very long one", with("k".repeat(20_000), "/key")),
        Arguments.of("in the query", HttpText.get("/key?x-api-key=" + BILLING)),
        Arguments.of("in a cookie", HttpText.get("/key").header("cookie: x-api-key=" + BILLING)),
        Arguments.of("as a token", HttpText.get("/key").header("authorization: Bearer " + BILLING)),
        Arguments.of("the name of a client", HttpText.get("/key").header("x-client: billing")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forgeries")
  void anythingElseIsAnsweredWith401(String what, HttpText request) throws IOException {
    var answer = asEdge(request);

    refused(answer, 401);
    assertThat(answer.header("www-authenticate")).contains("ApiKey");
    assertThat(answer.body()).contains("requestId");
  }

  /** Of lengths around the blocks that are digested at once. */
  @Test
  void keysOfEveryLengthAreFound() throws IOException {
    var text = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG".repeat(3);
    var keys =
        IntStream.of(32, 55, 56, 63, 64, 65, 119, 120, 128)
            .mapToObj(length -> text.substring(0, length))
            .toList();
    try (var own = Gate.open(asking(keys.toArray(String[]::new)))) {
      for (var key : keys) {
        assertThat(own.as(Intents.EDGE).send(with(key, "/key")).status()).isEqualTo(200);
      }
      var between = with(text.substring(0, 57), "/key");
      assertThat(own.as(Intents.EDGE).send(between).status()).isEqualTo(401);
    }
  }

  @Test
  void aClientOfAnotherRouteIsAnsweredWith403() throws IOException {
    refused(asEdge(with(SHIPPING, "/billing")), 403);
    assertThat(asEdge(with(BILLING, "/billing")).status()).isEqualTo(200);

    gate.logged("rbac_access_denied_matched_policy[shop/orders/billing:key]", "shipping");
  }

  @Test
  void aKeyReplacesNoCertificate() throws IOException {
    refused(gate.as(Intents.BATCH).send(with(BILLING, "/key")), 403);
  }

  @Test
  void whatAClientSaysOfItselfIsNeverTold() throws IOException {
    assertThat(asEdge(with(BILLING, "/key").header("X-Client: shipping")).status()).isEqualTo(200);
    assertThat(gate.application().last().header(CLIENT)).isEqualTo("billing");
    for (var request : List.of(HttpText.get("/open"), withToken(HttpText.get("/token")))) {
      assertThat(asEdge(request.header("x-client: shipping")).status()).isEqualTo(200);
      assertThat(gate.application().last().headers()).doesNotContainKey(CLIENT);
    }
  }

  @Test
  void whereNoneIsAskedForTheApplicationStillSeesNoKey() throws IOException {
    assertThat(asEdge(with(BILLING, "/open")).status()).isEqualTo(200);
    assertThat(gate.application().last().headers()).doesNotContainKeys(HEADER, CLIENT);
    assertThat(asEdge(with(NOBODYS, "/open")).status()).isEqualTo(200);
    assertThat(asEdge(with(BILLING, "/unknown")).status()).isEqualTo(404);
  }

  @Test
  void eitherWillDoAndBothMustBeValid() throws IOException {
    assertThat(asEdge(with(BILLING, "/either")).status()).isEqualTo(200);
    assertThat(gate.application().last().header(CLIENT)).isEqualTo("billing");
    assertThat(asEdge(withToken(HttpText.get("/either"))).status()).isEqualTo(200);
    assertThat(gate.application().last().headers()).doesNotContainKey(CLIENT);
    assertThat(asEdge(withToken(with(BILLING, "/either"))).status()).isEqualTo(200);
    assertThat(gate.application().last().header("x-user")).isEqualTo("alice");
    gate.application().forget();

    refused(asEdge(HttpText.get("/either")), 401);
    refused(asEdge(withToken(with(NOBODYS, "/either"))), 401);
    refused(asEdge(with(BILLING, "/either").header("authorization: Bearer a.b.c")), 401);
  }

  @Test
  void bothAreAskedFor() throws IOException {
    assertThat(asEdge(withToken(with(BILLING, "/both"))).status()).isEqualTo(200);
    gate.application().forget();

    refused(asEdge(with(BILLING, "/both")), 401);
    refused(asEdge(withToken(HttpText.get("/both"))), 401);
    refused(asEdge(withToken(with(NOBODYS, "/both"))), 401);
    refused(asEdge(HttpText.get("/both")), 401);
  }

  @Test
  void noKeyIsInTheConfigurationOrTheLog() throws IOException {
    asEdge(with(BILLING, "/key"));
    asEdge(with(SHIPPING, "/billing"));
    asEdge(with(NOBODYS, "/key"));

    var line = gate.logged("\"route\":\"key\"", "\"key\":\"unknown\"");

    assertThat(line).doesNotContain(NOBODYS);
    assertThat(gate.envoy().log()).doesNotContain(BILLING, NOBODYS);
    assertThat(gate.envoy().get("/config_dump"))
        .contains(TestKeys.digest(BILLING))
        .doesNotContain(BILLING)
        .doesNotContain(SHIPPING);
  }

  @Test
  void keysChangeOnOpenConnectionsAndDrainNone() throws IOException {
    try (var own = Gate.open(asking(BILLING));
        var kept = own.as(Intents.EDGE).connect()) {
      var listener = own.served().listener();
      assertThat(kept.send(with(BILLING, "/key")).status()).isEqualTo(200);
      assertThat(kept.send(with(SHIPPING, "/key")).status()).isEqualTo(401);

      own.serve(asking(BILLING, SHIPPING));
      assertThat(kept.send(with(BILLING, "/key")).status()).isEqualTo(200);
      assertThat(kept.send(with(SHIPPING, "/key")).status()).isEqualTo(200);

      own.serve(asking(SHIPPING));
      assertThat(kept.send(with(BILLING, "/key")).status()).isEqualTo(401);
      assertThat(kept.send(with(SHIPPING, "/key")).status()).isEqualTo(200);

      own.serve(asking());
      assertThat(kept.send(with(SHIPPING, "/key")).status()).isEqualTo(401);

      own.serve(Intents.routes(get("key")));
      assertThat(kept.get("/key").status()).isEqualTo(200);
      assertThat(own.served().listener()).isEqualTo(listener);
      assertThat(own.envoy().stat("listener_manager.listener_modified")).isZero();
    }
  }

  /** Of one client. */
  private static Intents.Change asking(String... keys) {
    var digests = new TreeMap<String, String>();
    for (var key : keys) {
      digests.put(TestKeys.digest(key), "billing");
    }
    var ring = new ApiKeys(HEADER, Optional.of(CLIENT), KeyFate.FORWARDED, digests, List.of());
    return Intents.routes(get("key").asking(new Proof.OfKey(new KeyRule(ring, List.of()))));
  }

  @Test
  void aKeyIsForwardedWhereThePolicySaysSo() throws IOException {
    try (var own = Gate.open(asking(BILLING))) {
      own.as(Intents.EDGE).send(with(BILLING, "/key"));

      assertThat(own.application().last().header(HEADER)).isEqualTo(BILLING);
    }
  }

  /** As if Envoy ignored a setting, or a later version did the check elsewhere. */
  @Test
  void aCheckThatGotLostLetsNobodyIn() throws IOException {
    try (var own =
        Gate.openTampered(
            asking(BILLING), listener -> Chains.without(FilterNames.API_KEYS, listener))) {
      assertThat(own.as(Intents.EDGE).send(with(BILLING, "/key")).status()).isEqualTo(403);
    }
  }
}
