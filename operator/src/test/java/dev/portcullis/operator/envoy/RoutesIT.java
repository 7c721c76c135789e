package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.bootstrap.contract.ProbePaths;
import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.PathMatch;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which paths and methods reach the application, and as what; all others never do. */
class RoutesIT {

  private static Gate gate;

  @BeforeAll
  static void open() {
    gate =
        Gate.open(
            Intents.routes(
                route("read-order", new PathMatch.Template("/api/v1/orders/{id}"), "GET"),
                route("orders", new PathMatch.Exact("/api/v1/orders"), "GET", "POST"),
                route("files", new PathMatch.Prefix("/files"), "GET", "PUT"),
                route("shop", new PathMatch.Prefix("/shop/"), "GET")));
  }

  @AfterAll
  static void close() {
    gate.close();
  }

  @BeforeEach
  void forget() {
    gate.application().forget();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/orders/7, /api/v1/orders/7",
    "GET, /api/v1/orders/7?a=b;c=%25&d=//, /api/v1/orders/7?a=b;c=%25&d=//",
    "GET, /api/v1/orders, /api/v1/orders",
    "POST, /api/v1/orders, /api/v1/orders",
    "GET, /files, /files",
    "PUT, /files/a/b.txt, /files/a/b.txt",
    "GET, /files/, /files/",
    "GET, /shop/a, /shop/a",
    "GET, /api/v1/./orders, /api/v1/orders",
    "GET, //api///v1//orders, /api/v1/orders",
    "GET, /files/../api/v1/orders, /api/v1/orders",
    "GET, /api/v1/%6frders, /api/v1/orders",
  })
  void aKnownEndpointIsReachedUnderItsOneSpelling(String method, String target, String arrives)
      throws IOException {
    assertThat(gate.as(Intents.EDGE).send(HttpText.of(method, target)).status()).isEqualTo(200);
    assertThat(gate.application().last().method()).isEqualTo(method);
    assertThat(gate.application().last().path()).isEqualTo(arrives);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/admin",
        "/API/v1/orders",
        "/api/V1/orders/7",
        "/Files/a",
        "/api/v1/orders/",
        "/api/v1/orders/7/",
        "/api/v1/orders/7/items",
        "/api/v1/orders/7;v=1",
        "/api/v1/orders;v=1",
        "/api/v1/orders/7%3bv=1",
        "/api/v1/orders/%252e%252e",
        "/api/v1/orders/7%25",
        "/api/v1/orders/%0d%0ax",
        "/api/v1/orders/%7f",
        "/api/v1/orders/..",
        "/api/v1/orders/../admin",
        "/files/../admin",
        "/files/%2e%2e/admin",
        "/files/.%2E/admin",
        "/files/..;/admin",
        "/files;/admin",
        "/files/%c0%ae%c0%ae/admin",
        "/files/%c0%afadmin",
        "/filesystem",
        "/files.txt",
        "/shop",
        "/shopping",
        "/healthz",
        "/stats",
        ProbePaths.SERVED_VERSION
      })
  void anUnknownPathIsNotFound(String target) throws IOException {
    var answer = gate.as(Intents.EDGE).get(target);

    assertThat(answer.status()).isEqualTo(404);
    assertThat(gate.application().seen()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/files/..%2fadmin",
        "/files/%2Fadmin",
        "/files%2f..%2fadmin",
        "/files/..%5cadmin",
        "/files/%00",
        "/files/a#b",
        "/../../../etc/passwd%2f",
      })
  void aPathWithTwoReadingsIsABadRequest(String target) throws IOException {
    var answer = gate.as(Intents.EDGE).get(target);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(gate.application().seen()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\admin", "/files/..\\admin", "/files/\\..\\..\\admin", "admin", "*"})
  void aTargetThatIsNoPathNeverArrives(String target) throws IOException {
    assertThat(gate.as(Intents.EDGE).get(target).status()).isIn(400, 404);
    assertThat(gate.application().seen()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE, /api/v1/orders, 'GET, POST'",
    "POST, /api/v1/orders/7, GET",
    "HEAD, /api/v1/orders/7, GET",
    "OPTIONS, /api/v1/orders, 'GET, POST'",
    "PATCH, /files/a, 'GET, PUT'",
    "TRACE, /api/v1/orders, 'GET, POST'",
  })
  void anotherMethodOfAKnownPathIsNotAllowed(String method, String path, String allowed)
      throws IOException {
    var answer = gate.as(Intents.EDGE).send(HttpText.of(method, path));

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("allow")).contains(allowed);
    assertThat(gate.application().seen()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "GETT", "CONNECT", "PROPFIND", "G\u00cbT"})
  void aMethodThatNobodyKnowsNeverArrives(String method) throws IOException {
    assertThat(gate.as(Intents.EDGE).send(HttpText.of(method, "/api/v1/orders")).status())
        .isIn(400, 403, 404, 405, 501);
    assertThat(gate.application().seen()).isEmpty();
  }

  @Test
  void whoMayNotUseAPathIsNotToldItsMethods() throws IOException {
    var answer = gate.as(Intents.BATCH).send(HttpText.of("DELETE", "/api/v1/orders"));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.header("allow")).isEmpty();
  }

  @Test
  void theFirstRouteThatMatchesDecides() throws IOException {
    var secret = route("secret", new PathMatch.Exact("/files/secret"), "GET");
    var files = route("files", new PathMatch.Prefix("/files"), "GET");
    try (var other =
        Gate.open(Intents.routes(Intents.withCallers(secret, Intents.BATCH_CALLER), files))) {

      assertThat(other.as(Intents.EDGE).get("/files/secret").status()).isEqualTo(403);
      assertThat(other.as(Intents.BATCH).get("/files/secret").status()).isEqualTo(200);
      assertThat(other.as(Intents.EDGE).get("/files/other").status()).isEqualTo(200);
      assertThat(other.as(Intents.BATCH).get("/files/other").status()).isEqualTo(403);
    }
  }

  @Test
  void aWebSocketUpgradeNeverArrives() throws IOException {
    var upgrade =
        HttpText.get("/api/v1/orders").header("connection: upgrade").header("upgrade: websocket");

    assertThat(gate.as(Intents.EDGE).send(upgrade).status()).isEqualTo(403);
    assertThat(gate.application().seen()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "transfer-encoding: chunked\r\ncontent-length: 4",
        "content-length: 4\r\ncontent-length: 5",
        "content-length: +4",
        "transfer-encoding : chunked",
        "transfer-encoding: xchunked",
        "a_b: c"
      })
  void aRequestWithTwoReadingsNeverArrives(String lines) throws IOException {
    var request = HttpText.of("POST", "/api/v1/orders").header(lines);

    assertThat(gate.as(Intents.EDGE).send(request).status()).isIn(400, 501);
    assertThat(gate.application().seen()).isEmpty();
  }
}
