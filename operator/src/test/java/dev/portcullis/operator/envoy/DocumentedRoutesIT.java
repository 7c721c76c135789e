package dev.portcullis.operator.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.golden.BackendViews;
import dev.portcullis.operator.golden.GoldenFolder;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.resolve.PolicyResolver;
import dev.portcullis.operator.resolve.Resolution.Resolved;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an API document lets through: the two documents of the golden folders, one gate each. */
class DocumentedRoutesIT {

  private static final String ID = "123e4567-e89b-12d3-a456-426614174000";

  private static Gate gate;
  private static Gate other;

  @BeforeAll
  static void open() {
    gate = Gate.open(Intents.routes(routesOf("openapi")));
    other = Gate.open(Intents.routes(routesOf("openapi-json-with-optional-bodies")));
  }

  @AfterAll
  static void close() {
    gate.close();
    other.close();
  }

  @BeforeEach
  void forget() {
    gate.application().forget();
    other.application().forget();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/orders",
    "GET, /api/v1/orders?page=x",
    "GET, /api/v1/orders/ID",
    "GET, /api/v1/orders/ID?a=/b/c?d",
    "GET, /api/v1/orders/%31ID2",
    "GET, /api/v1/orders/latest",
    "HEAD, /api/v1/orders/latest",
    "GET, /api/v1/orders/ID/items/-7",
    "GET, /api/v1/orders/ID/invoice.pdf",
    "GET, /api/v1/reports/sales/2026-11-23/AB-1/anything/",
    "GET, /api/v1/reports/tax%3Aeu/2026-11-23/AB-1234/%20/",
    "GET, /api/v1/reports/tax:eu/2026-11-23/AB-1234/x/?q=1",
    "DELETE, /api/v1/orders/not-a-uuid",
  })
  void whatIsDocumentedArrives(String method, String target) throws IOException {
    var answer = gate.as(Intents.EDGE).send(HttpText.of(method, withId(target)));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(gate.application().last().method()).isEqualTo(method);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /orders",
    "GET, /api/v1/orders/",
    "GET, /api/v1/Orders",
    "GET, /api/v1/orders/abc",
    "GET, /api/v1/orders/ID/",
    "GET, /api/v1/orders/ID/items/one",
    "GET, /api/v1/orders/abc/items/1",
    "GET, /api/v1/orders/ID/items/",
    "GET, /api/v1/orders/ID/items/1/2",
    "GET, /api/v1/orders/ID/items?x=/1",
    "GET, /api/v1/orders/ID/items/1;a=b",
    "GET, /api/v1/orders/ID/invoice.",
    "GET, /api/v1/orders/ID/invoiceXpdf",
    "GET, /api/v1/reports/sales/2026-11-23/AB-1/anything",
    "GET, /api/v1/reports/gifts/2026-11-23/AB-1/anything/",
    "GET, /api/v1/reports/sales/2026-13-23/AB-1/anything/",
    "GET, /api/v1/reports/sales/2026-11-23/ab-1/anything/",
    "GET, /api/v1/reports/sales/2026-11-23/AB-12345/anything/",
    "GET, /api/v1/reports/x?/sales/2026-11-23/AB-1/anything/",
    "GET, /api/v1/files/a%20b",
    "PUT, /api/v1/orders/abc",
  })
  void whatIsNotDocumentedIsNotFound(String method, String target) throws IOException {
    var answer = gate.as(Intents.EDGE).send(HttpText.of(method, withId(target)));

    assertThat(answer.status()).isEqualTo(404);
    assertThat(gate.application().seen()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE, /api/v1/orders, 'GET, POST'",
    "HEAD, /api/v1/orders, 'GET, POST'",
    "OPTIONS, /api/v1/orders, 'GET, POST'",
    "PATCH, /api/v1/orders/ID, 'GET, PUT'",
    "TRACE, /api/v1/orders/ID/invoice.pdf, GET",
    "PUT, /api/v1/orders/latest, 'GET, HEAD'",
  })
  void anotherMethodOfADocumentedPathIsNotAllowed(String method, String target, String allowed)
      throws IOException {
    var answer = gate.as(Intents.EDGE).send(HttpText.of(method, withId(target)));

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("allow")).contains(allowed);
    assertThat(gate.application().seen()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, 200",
    "Application/JSON; charset=utf-8, 200",
    "application/json ;a=b, 200",
    "application/vnd.shop.order+json, 200",
    "application/vndXshop.order+json, 415",
    "text/plain, 415",
    "application/jsonx, 415",
    "xapplication/json, 415",
    "'application/json, text/plain', 415",
    "'application/json;a=b, text/plain', 415",
    "application/json/x, 415",
    "'', 415",
  })
  void aRequiredBodyHasADocumentedType(String type, int status) throws IOException {
    var request = HttpText.of("POST", "/api/v1/orders").header("content-type: " + type).body(5);

    assertThat(gate.as(Intents.EDGE).send(request).status()).isEqualTo(status);
    assertThat(gate.application().seen()).hasSize(status == 200 ? 1 : 0);
  }

  @Test
  void aRequiredBodyIsNotLeftUntyped() throws IOException {
    var untyped = HttpText.of("POST", "/api/v1/orders");

    assertThat(gate.as(Intents.EDGE).send(untyped.body(5)).status()).isEqualTo(415);
    assertThat(gate.as(Intents.EDGE).send(untyped).status()).isEqualTo(415);
    assertThat(gate.as(Intents.EDGE).send(untyped.chunked(5)).status()).isEqualTo(415);
    assertThat(gate.application().seen()).isEmpty();
  }

  @Test
  void twoTypesAreNone() throws IOException {
    var request =
        HttpText.of("POST", "/api/v1/orders")
            .header("content-type: application/json")
            .header("content-type: text/plain")
            .body(5);

    assertThat(gate.as(Intents.EDGE).send(request).status()).isEqualTo(415);
    assertThat(gate.application().seen()).isEmpty();
  }

  @Test
  void whatHasNoBodyTakesNone() throws IOException {
    var get = HttpText.get("/api/v1/orders").header("content-type: application/json");

    assertThat(gate.as(Intents.EDGE).send(get.body(0)).status()).isEqualTo(200);
    assertThat(gate.as(Intents.EDGE).send(get.body(100)).status()).isEqualTo(413);
    gate.application().forget();
    assertThat(gate.as(Intents.EDGE).send(get.chunked(100)).status()).isEqualTo(413);
    assertThat(gate.application().seen()).isEmpty();
  }

  @Test
  void anOptionalBodyHasADocumentedTypeOrIsNotThere() throws IOException {
    var post = HttpText.of("POST", "/shop/notes");
    var client = other.as(Intents.EDGE);

    assertThat(client.send(post).status()).isEqualTo(200);
    assertThat(client.send(post.body(0)).status()).isEqualTo(200);
    assertThat(client.send(post.header("content-type: text/csv").body(100)).status())
        .isEqualTo(200);
    assertThat(client.send(post.header("content-type: textile/x").body(100)).status())
        .isEqualTo(415);
    assertThat(client.send(post.header("content-type: application/json")).status()).isEqualTo(415);
    other.application().forget();
    assertThat(client.send(post.body(100)).status()).isEqualTo(413);
    assertThat(client.send(post.chunked(100)).status()).isEqualTo(413);
    assertThat(client.send(post.header("content-type;").body(100)).status()).isIn(400, 413);
    assertThat(other.application().seen()).isEmpty();
  }

  @Test
  void anUntypedBodyIsNotLetInOverHttp2Either() throws Exception {
    var client = HttpClient.newBuilder().sslContext(other.as(Intents.EDGE).context()).build();
    var bytes = new byte[100];
    var unknownLength =
        HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofByteArray(bytes));
    var request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + other.port() + "/shop/notes"))
            .version(HttpClient.Version.HTTP_2)
            .POST(unknownLength)
            .build();

    var answer = client.send(request, BodyHandlers.ofString());

    assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(other.application().seen()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/shop/notes/7, 200, read-from-a-box",
    "/shop/inbox/7, 200, read-from-a-box-2",
    "/shop/other/7, 404, portcullis:wrong-parameter:read-from-a-box-2",
    // Its type is that of /notes/{id}, though /{box}/{id} has room for more.
    "/shop/notes/x, 404, portcullis:wrong-parameter:read-from-a-box",
  })
  void aPathIsDecidedWhereItIsMostConcrete(String target, int status, String route)
      throws IOException {
    assertThat(other.as(Intents.EDGE).get(target).status()).isEqualTo(status);
    if (status != 200) {
      other.logged("\"path\":\"" + target + "\"", "\"route\":\"" + route + "\"");
    }
  }

  @Test
  void whoMayNotCallIsToldNothingOfTheDocument() throws IOException {
    var stranger = gate.as(Intents.BATCH);

    assertThat(stranger.get("/api/v1/orders").status()).isEqualTo(403);
    assertThat(stranger.send(HttpText.of("POST", "/api/v1/orders").body(5)).status())
        .isEqualTo(403);
    assertThat(stranger.send(HttpText.of("PATCH", "/api/v1/orders")).status()).isEqualTo(403);
    assertThat(stranger.get("/api/v1/orders/abc").status()).isEqualTo(404);
    assertThat(gate.application().seen()).isEmpty();
  }

  @Test
  void theAccessLogNamesTheOperation() throws IOException {
    gate.as(Intents.EDGE).send(HttpText.of("POST", "/api/v1/orders").body(1));
    gate.as(Intents.BATCH).get("/api/v1/orders/" + ID);

    gate.logged("\"code\":415", "\"route\":\"portcullis:wrong-media-type:create-order\"");
    gate.logged("\"code\":403", "\"route\":\"read-order\"");
  }

  @Test
  void anEditOfADocumentCountsOnConnectionsThatStayOpen() throws IOException {
    try (var own = Gate.open(Intents.routes(routesOf("openapi")));
        var kept = own.as(Intents.EDGE).connect()) {
      var before = own.served();
      assertThat(kept.get("/api/v1/orders").status()).isEqualTo(200);

      own.serve(Intents.routes(routesOf("openapi-json-with-optional-bodies")));

      assertThat(kept.get("/api/v1/orders").status()).isEqualTo(404);
      assertThat(kept.get("/shop/notes/7").status()).isEqualTo(200);
      assertThat(own.served().listener()).isEqualTo(before.listener());
      assertThat(own.envoy().stat("listener_manager.listener_modified")).isZero();
    }
  }

  private static String withId(String target) {
    return target.replace("%31ID2", "%31" + ID.substring(1)).replace("ID", ID);
  }

  private static Route[] routesOf(String folder) {
    if (PolicyResolver.resolve(
            BackendViews.of(new GoldenFolder(Path.of("src/test/resources/translation", folder))))
        instanceof Resolved(var intent)) {
      return intent.routes().toArray(Route[]::new);
    }
    throw new AssertionError(folder + " does not resolve");
  }
}
