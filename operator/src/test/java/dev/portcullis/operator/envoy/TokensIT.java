package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withCallers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpAnswer;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.TestIssuer;
import dev.portcullis.operator.envoytest.TestPki;
import dev.portcullis.operator.envoytest.TestPki.LeafShape;
import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.Caller.Origin;
import dev.portcullis.operator.intent.Outside;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.Proof;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.SubjectName;
import dev.portcullis.operator.intent.TokenIssuer;
import dev.portcullis.operator.intent.TokenIssuer.TokenFate;
import dev.portcullis.operator.intent.TokenRule;
import dev.portcullis.operator.intent.Trust;
import dev.portcullis.operator.intent.Trust.Revocation;
import dev.portcullis.operator.intent.VerificationKey;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a token must be and say, on top of the caller's certificate. */
class TokensIT {

  private static final String PARTNER_PLACE = "127.10.0.1";
  private static final String USER = "x-user";
  private static final Map<String, String> TOLD =
      Map.of("sub", USER, "realm.id", "x-realm", "groups", "x-groups");

  private static final TestIssuer CORP = TestIssuer.create("corp", "one");
  private static final TestIssuer PARTNER = TestIssuer.createRsa("partner", "one");
  private static final TestIssuer STRANGER = TestIssuer.create("corp", "one");
  private static final TestPki PARTNER_CA = TestPki.create();

  private static Gate gate;

  @BeforeAll
  static void open() {
    var corp = CORP.trusted(TOLD, TokenFate.REMOVED, CORP.key());
    var partner = PARTNER.trusted(Map.of(), TokenFate.FORWARDED, PARTNER.key());
    var callers = new Caller[] {Intents.EDGE_CALLER, fromOutside()};
    var claims =
        Map.of(
            "scope", List.of("orders.write", "orders.admin"),
            "realm.role", List.of("clerk"),
            "verified", List.of("true"));
    gate =
        Gate.open(
            Intents.callers(callers)
                .and(
                    Intents.routes(
                        get("corp", callers).asking(rule(corp)),
                        get("any", callers).asking(rule(corp, partner)),
                        get("claims", callers)
                            .asking(new Proof.OfToken(new TokenRule(List.of(corp), claims))),
                        get("open", callers))));
  }

  @AfterAll
  static void close() {
    gate.close();
  }

  @BeforeEach
  void forget() {
    gate.application().forget();
  }

  private static Route get(String name, Caller... callers) {
    return withCallers(route(name, new PathMatch.Exact("/" + name), "GET"), callers);
  }

  private static Proof rule(TokenIssuer... issuers) {
    return new Proof.OfToken(new TokenRule(List.of(issuers), Map.of()));
  }

  private static Caller fromOutside() {
    var trust =
        new Trust(
            new Trust.Source(new Trust.File("partner", "ca.crt"), Optional.empty()),
            List.of(),
            new Trust.Material.Usable(PARTNER_CA.trustBundle(), new Revocation.Unchecked()));
    return new Caller(
        "partner",
        new Origin.Addresses(List.of("127.10.0.0/16"), List.of()),
        new Outside(
            trust, List.of(new SubjectName(SubjectName.Type.DNS, "client.partner.example"))));
  }

  private static HttpText with(String token, String path) {
    return HttpText.get(path).header("authorization: Bearer " + token);
  }

  private static HttpAnswer asEdge(HttpText request) throws IOException {
    return gate.as(Intents.EDGE).send(request);
  }

  private static void refused(HttpAnswer answer, int status) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(gate.application().seen()).isEmpty();
  }

  @Test
  void aSoundTokenIsLetInAndToldWithoutItself() throws IOException {
    var token = CORP.token(Map.of("realm", Map.of("id", 7), "groups", List.of("a", "b")));

    assertThat(asEdge(with(token, "/corp")).status()).isEqualTo(200);

    var seen = gate.application().last();
    assertThat(seen.header(USER)).isEqualTo("alice");
    assertThat(seen.header("x-realm")).isEqualTo("7");
    assertThat(seen.headers()).containsKey("x-groups").doesNotContainKey("authorization");
    assertThat(seen.header(EnvoyNames.CALLER_HEADER)).isEqualTo(Intents.EDGE);
  }

  static Stream<Arguments> forgeries() {
    var now = Instant.now().getEpochSecond();
    return Stream.of(
        Arguments.of("nothing", ""),
        Arguments.of("no token", "a.b.c"),
        Arguments.of("expired", CORP.token(Map.of("iat", now - 900, "exp", now - 300))),
        Arguments.of("without an end", CORP.token(Map.of("exp", ""))),
        Arguments.of("of too long a life", CORP.token(Map.of("exp", now + 7200))),
        Arguments.of("not yet valid", CORP.token(Map.of("nbf", now + 600))),
        Arguments.of("of nobody", CORP.token(Map.of("iss", ""))),
        Arguments.of("of another issuer", CORP.token(Map.of("iss", "https://corp.example.org"))),
        Arguments.of("of the partner", PARTNER.token(Map.of())),
        Arguments.of("of the partner as ours", PARTNER.token(Map.of("iss", CORP.issuer()))),
        Arguments.of("of another key by that name", STRANGER.token(Map.of())),
        Arguments.of(
            "of an unknown key", CORP.signed(Map.of("alg", "ES256", "kid", "two"), Map.of())),
        Arguments.of("unsigned", CORP.unsigned()),
        Arguments.of("signed with the public key", CORP.signedWithPublicKey()),
        Arguments.of("cut", CORP.token(Map.of()).substring(0, CORP.token(Map.of()).length() - 8)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forgeries")
  void anythingElseIsAnsweredWith401(String what, String token) throws IOException {
    var answer = asEdge(token.isEmpty() ? HttpText.get("/corp") : with(token, "/corp"));

    refused(answer, 401);
    assertThat(answer.header("www-authenticate").orElseThrow()).startsWith("Bearer ");
    assertThat(answer.body()).contains("requestId").doesNotContain("Jwt");
  }

  @Test
  void theLogTellsWhyATokenWasRefused() throws IOException {
    var now = Instant.now().getEpochSecond();
    asEdge(with(CORP.token(Map.of("iat", now - 900, "exp", now - 300)), "/corp"));

    gate.logged("\"route\":\"corp\"", "jwt_authn_access_denied{Jwt_is_expired}");
  }

  @Test
  void aTokenForSomebodyElseIsAnsweredWith403() throws IOException {
    refused(asEdge(with(CORP.token(Map.of("aud", "payments")), "/corp")), 403);
    refused(asEdge(with(CORP.token(Map.of("aud", "")), "/corp")), 403);
    assertThat(
            asEdge(with(CORP.token(Map.of("aud", List.of("payments", "orders"))), "/corp"))
                .status())
        .isEqualTo(200);
  }

  @Test
  void aTokenElsewhereThanInTheHeaderIsNone() throws IOException {
    var token = CORP.token(Map.of());

    refused(asEdge(HttpText.get("/corp?access_token=" + token)), 401);
    refused(asEdge(HttpText.get("/corp").header("cookie: access_token=" + token)), 401);
    refused(asEdge(with("a.b.c", "/corp").header("authorization: Bearer " + token)), 401);
    refused(asEdge(with(token, "/corp").header("authorization: Bearer a.b.c")), 401);
  }

  @Test
  void aTokenReplacesNoCertificate() throws IOException {
    refused(gate.as(Intents.BATCH).send(with(CORP.token(Map.of()), "/corp")), 403);
  }

  @Test
  void anyOfTheIssuersWillDo() throws IOException {
    assertThat(asEdge(with(CORP.token(Map.of()), "/any")).status()).isEqualTo(200);
    var token = PARTNER.token(Map.of());
    assertThat(asEdge(with(token, "/any")).status()).isEqualTo(200);
    assertThat(gate.application().last().header("authorization")).isEqualTo("Bearer " + token);
    gate.application().forget();
    refused(asEdge(HttpText.get("/any")), 401);
    refused(asEdge(with(STRANGER.token(Map.of()), "/any")), 401);
  }

  @Test
  void beforeAForwardedTokenThereIsNothing() throws IOException {
    var token = PARTNER.token(Map.of());

    refused(asEdge(HttpText.get("/any").header("authorization: Basic YTpi, Bearer " + token)), 403);
  }

  static Stream<Arguments> claims() {
    var clerk = Map.<String, Object>of("role", "clerk");
    return Stream.of(
        Arguments.of(
            "all", Map.of("scope", "a orders.write", "realm", clerk, "verified", true), 200),
        Arguments.of(
            "as lists and texts",
            Map.of(
                "scope",
                List.of("orders.admin", "b"),
                "realm",
                Map.of("role", List.of("x", "clerk")),
                "verified",
                "true"),
            200),
        Arguments.of("none", Map.of(), 403),
        Arguments.of("one missing", Map.of("scope", "orders.write", "verified", true), 403),
        Arguments.of(
            "a false one", Map.of("scope", "orders.write", "realm", clerk, "verified", false), 403),
        Arguments.of(
            "a part of a value",
            Map.of("scope", "orders.writes xorders.write", "realm", clerk, "verified", true),
            403),
        Arguments.of(
            "another case", Map.of("scope", "Orders.Write", "realm", clerk, "verified", true), 403),
        Arguments.of(
            "a name with a dot in it",
            Map.of("scope", "orders.write", "realm.role", "clerk", "verified", true),
            403));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("claims")
  void aTokenMustSayAllThatIsAsked(String what, Map<String, Object> said, int status)
      throws IOException {
    var answer = asEdge(with(CORP.token(said), "/claims"));

    assertThat(answer.status()).isEqualTo(status);
    assertThat(gate.application().seen()).hasSize(status == 200 ? 1 : 0);
  }

  @Test
  void theLogTellsWhichRouteAskedForMore() throws IOException {
    asEdge(with(CORP.token(Map.of()), "/claims"));

    gate.logged("rbac_access_denied_matched_policy[shop/orders/claims:token]");
  }

  @Test
  void whatAClientClaimsIsNeverTold() throws IOException {
    for (var path : List.of("/open", "/corp", "/any")) {
      var request = path.equals("/open") ? HttpText.get(path) : with(nobody(), path);

      var answer = asEdge(request.header("x-user: mallory").header("X-REALM: 1"));

      assertThat(answer.status()).as(path).isEqualTo(200);
      assertThat(gate.application().last().headers()).doesNotContainKeys(USER, "x-realm");
    }
  }

  private static String nobody() {
    return CORP.token(Map.of("sub", ""));
  }

  @Test
  void whereNoneIsAskedForNobodyLooksAtIt() throws IOException {
    assertThat(asEdge(with("a.b.c", "/open")).status()).isEqualTo(200);
    assertThat(gate.application().last().header("authorization")).isEqualTo("Bearer a.b.c");
    assertThat(asEdge(HttpText.get("/unknown")).status()).isEqualTo(404);
    assertThat(asEdge(HttpText.of("POST", "/corp")).status()).isEqualTo(405);
  }

  @Test
  void aCallerFromOutsideNeedsOneTooAndKeepsItsName() throws IOException {
    var name = new GeneralName(GeneralName.dNSName, new DERIA5String("client.partner.example"));
    var leaf = PARTNER_CA.issue(LeafShape.named("leaf", List.of(name)));
    var partner = gate.with(leaf).from(PARTNER_PLACE);

    assertThat(partner.get("/corp").status()).isEqualTo(401);
    assertThat(partner.send(with(CORP.token(Map.of()), "/corp")).status()).isEqualTo(200);
    assertThat(gate.application().last().header(EnvoyNames.CALLER_HEADER))
        .isEqualTo("outside:partner/DNS:client.partner.example");
  }

  @Test
  void keysChangeOnOpenConnectionsAndDrainNone() throws IOException {
    var next = TestIssuer.create("corp", "two");
    try (var own = Gate.open(asking(CORP.key()));
        var kept = own.as(Intents.EDGE).connect()) {
      var listener = own.served().listener();
      assertThat(kept.send(with(CORP.token(Map.of()), "/corp")).status()).isEqualTo(200);
      assertThat(kept.send(with(next.token(Map.of()), "/corp")).status()).isEqualTo(401);

      own.serve(asking(CORP.key(), next.key()));
      assertThat(kept.send(with(CORP.token(Map.of()), "/corp")).status()).isEqualTo(200);
      assertThat(kept.send(with(next.token(Map.of()), "/corp")).status()).isEqualTo(200);

      own.serve(asking(next.key()));
      assertThat(kept.send(with(CORP.token(Map.of()), "/corp")).status()).isEqualTo(401);
      assertThat(kept.send(with(next.token(Map.of()), "/corp")).status()).isEqualTo(200);

      own.serve(Intents.routes(get("corp", Intents.EDGE_CALLER)));
      assertThat(kept.get("/corp").status()).isEqualTo(200);
      assertThat(own.served().listener()).isEqualTo(listener);
      assertThat(own.envoy().stat("listener_manager.listener_modified")).isZero();
    }
  }

  private static Intents.Change asking(VerificationKey... keys) {
    var corp = CORP.trusted(Map.of(), TokenFate.REMOVED, keys);
    return Intents.routes(get("corp", Intents.EDGE_CALLER).asking(rule(corp)));
  }

  /** As if Envoy ignored a setting, or a later version did the check elsewhere. */
  @Test
  void aCheckThatGotLostLetsNobodyIn() throws IOException {
    for (var lost : List.of(FilterNames.TOKEN_CHECK, FilterNames.TOKEN_ISSUERS)) {
      try (var own =
          Gate.openTampered(asking(CORP.key()), listener -> Chains.without(lost, listener))) {
        var answer = own.as(Intents.EDGE).send(with(CORP.token(Map.of()), "/corp"));

        assertThat(answer.status()).as(lost).isEqualTo(403);
      }
    }
  }
}
