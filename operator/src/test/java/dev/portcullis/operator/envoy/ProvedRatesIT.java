package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withLimits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.TestIssuer;
import dev.portcullis.operator.envoytest.TestKeys;
import dev.portcullis.operator.intent.KeyRule;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.Proof;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.RateLimit.Key;
import dev.portcullis.operator.intent.RateLimit.Reach;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.TokenIssuer.TokenFate;
import dev.portcullis.operator.intent.TokenRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Counts by what requests prove: each limit lets three requests of one client pass. */
class ProvedRatesIT {

  private static final int EACH = 3;
  private static final int FEW = 4;
  private static final String BILLING = "b1lling-4f9c2d7e81a05b36c7d8e9f0";
  private static final String BILLING_TOO = "b1lling-again-2d7e81a05b36c7d8e9";
  private static final String SHIPPING = "shipping-0a1b2c3d4e5f60718293a4b5";

  private static final TestIssuer CORP = TestIssuer.create("corp", "one");
  private static final TestIssuer PARTNER = TestIssuer.create("partner", "one");

  private static Gate gate;

  @BeforeAll
  static void open() {
    var keys =
        TestKeys.of(Map.of(BILLING, "billing", BILLING_TOO, "billing", SHIPPING, "shipping"));
    var token =
        new TokenRule(
            List.of(
                CORP.trusted(Map.of(), TokenFate.REMOVED, CORP.key()),
                PARTNER.trusted(Map.of(), TokenFate.REMOVED, PARTNER.key())),
            Map.of());
    var key = new KeyRule(keys, List.of());
    var sub = new Key.Claim("sub");
    var shared = limit("shared", 100, Reach.BACKEND, new Key.Claim("realm.id"));
    gate =
        Gate.open(
            Intents.routes(
                get("user", limit("user", 100, Reach.ROUTE, sub)).asking(new Proof.OfToken(token)),
                get("few", limit("few", FEW, Reach.ROUTE, sub)).asking(new Proof.OfToken(token)),
                get("realm", shared).asking(new Proof.OfToken(token)),
                get("open", shared),
                get("client", limit("client", 100, Reach.ROUTE, new Key.Client()))
                    .asking(new Proof.OfKey(key)),
                get("both", limit("both", 100, Reach.ROUTE, sub, new Key.Client()))
                    .asking(new Proof.Either(token, key))));
  }

  @AfterAll
  static void close() {
    gate.close();
  }

  private static Route get(String name, RateLimit limit) {
    return withLimits(route(name, new PathMatch.Exact("/" + name), "GET"), limit);
  }

  private static RateLimit limit(String name, int tracked, Reach reach, Key... per) {
    return new RateLimit(name, List.of(per), 1, Duration.ofHours(1), EACH - 1, tracked, reach);
  }

  private static HttpText of(String path, TestIssuer issuer, Map<String, Object> claims) {
    return HttpText.get(path).header("authorization: Bearer " + issuer.token(claims));
  }

  @Test
  void eachUserHasACountOfHisOwnWithWhateverToken() {
    assertThat(passed(of("/user", CORP, Map.of("sub", "alice")))).isEqualTo(EACH);
    assertThat(passed(of("/user", CORP, Map.of("sub", "alice", "jti", "another")))).isZero();
    assertThat(passed(of("/user", CORP, Map.of("sub", "Alice")))).isEqualTo(EACH);
    assertThat(passed(of("/user", PARTNER, Map.of("sub", "alice")))).isEqualTo(EACH);
  }

  @Test
  void numbersAndListsCountToo() {
    for (var id : List.of(7, List.of("a", "b"), true)) {
      var realm = Map.<String, Object>of("realm", Map.of("id", id));
      var again = Map.<String, Object>of("realm", Map.of("id", id), "jti", "another");

      assertThat(passed(of("/realm", CORP, realm))).as("%s", id).isEqualTo(EACH);
      assertThat(passed(of("/realm", CORP, again))).as("%s", id).isZero();
    }
  }

  /** Not with an empty claim, nor by saying whose a request is. */
  @Test
  void whoHasNoClaimGoesFreeNowhere() {
    assertThat(passed(of("/realm", CORP, Map.of()))).isEqualTo(EACH);
    assertThat(passed(of("/realm", PARTNER, Map.of()))).isZero();
    assertThat(passed(of("/realm", CORP, Map.of("realm", Map.of("id", List.of())))))
        .isLessThanOrEqualTo(EACH);
    assertThat(passed(HttpText.get("/open"))).isZero();
    for (var header : List.of(CountedClaims.header("realm.id"), CountedClaims.ISSUER)) {
      assertThat(passed(HttpText.get("/open").header(header + ": free"))).isZero();
      assertThat(passed(of("/realm", CORP, Map.of()).header(header + ": free"))).isZero();
    }
    assertThat(passed(of("/realm", CORP, Map.of("realm", Map.of("id", "a"))))).isEqualTo(EACH);
  }

  @Test
  void manyUsersTogetherGetNoMoreThanThoseThatAreTracked() {
    var passed =
        IntStream.rangeClosed(1, 3 * FEW)
            .mapToLong(user -> passed(of("/few", CORP, Map.of("sub", "user" + user))));

    assertThat(passed.sum()).isEqualTo((long) FEW * EACH);
  }

  @Test
  void aClientHasOneCountForAllItsKeys() {
    assertThat(passed(HttpText.get("/client").header("x-api-key: " + BILLING))).isEqualTo(EACH);
    assertThat(passed(HttpText.get("/client").header("x-api-key: " + BILLING_TOO))).isZero();
    assertThat(passed(HttpText.get("/client").header("x-api-key: " + SHIPPING))).isEqualTo(EACH);
  }

  @Test
  void oneOfTheTwoIsEnoughToBeTold() {
    assertThat(passed(HttpText.get("/both").header("x-api-key: " + BILLING))).isEqualTo(EACH);
    assertThat(passed(HttpText.get("/both").header("x-api-key: " + SHIPPING))).isEqualTo(EACH);
    assertThat(passed(of("/both", CORP, Map.of("sub", "alice")))).isEqualTo(EACH);
    assertThat(passed(of("/both", CORP, Map.of("sub", "bob")))).isEqualTo(EACH);
    assertThat(passed(of("/both", CORP, Map.of("sub", "alice")))).isZero();
    assertThat(passed(HttpText.get("/both").header("x-api-key: " + BILLING))).isZero();
  }

  @Test
  void theApplicationIsNotToldWhatWasCounted() throws IOException {
    gate.as(Intents.EDGE).send(of("/user", CORP, Map.of("sub", "carol")));

    assertThat(gate.application().last().headers())
        .doesNotContainKeys(CountedClaims.header("sub"), CountedClaims.ISSUER, "authorization");
  }

  private static long passed(HttpText request) {
    try (var connection = gate.as(Intents.EDGE).connect()) {
      var passed = 0;
      for (var sent = 0; sent < 2 * EACH; sent++) {
        var status = connection.send(request).status();
        assertThat(status).isIn(200, 429);
        passed += status == 200 ? 1 : 0;
      }
      return passed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
