package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withCallers;
import static dev.portcullis.operator.envoytest.Intents.withLimits;
import static dev.portcullis.operator.envoytest.Intents.withTimeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.WebSocketBackend;
import dev.portcullis.operator.envoytest.WebSocketClient;
import dev.portcullis.operator.intent.AccessLog;
import dev.portcullis.operator.intent.Application;
import dev.portcullis.operator.intent.Application.Breaker;
import dev.portcullis.operator.intent.Application.Pool;
import dev.portcullis.operator.intent.Application.Protocol;
import dev.portcullis.operator.intent.Epoch;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.RateLimit.Reach;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.Share;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** WebSockets on the routes that take them, over HTTP/1.1. */
class WebSocketIT {

  private static final PathMatch PATH = new PathMatch.Exact("/chat");
  private static final Route CHAT = chat(Duration.ofHours(1));
  private static final Route FILES = route("files", new PathMatch.Prefix("/files"), "GET");
  private static final Duration SOON = Duration.ofSeconds(60);

  private final WebSocketBackend application = WebSocketBackend.start();

  /** What a policy means by a route with upgrades, open for so long. */
  private static Route chat(Duration life) {
    return withTimeout(route("chat", PATH, "GET"), life).ofWebSockets();
  }

  @AfterEach
  void close() {
    application.close();
  }

  private Intents.Change behind(Route... routes) {
    return Intents.routes(routes)
        .and(
            Intents.application(
                new Application(
                    application.port(), Protocol.HTTP1, Duration.ofSeconds(1), Optional.empty())));
  }

  @Test
  void messagesPassBothWaysAndMoreOfThemThanABodyMayHave() throws Exception {
    try (var gate = Gate.open(behind(CHAT));
        var socket = WebSocketClient.open(gate.as(Intents.EDGE), "/chat")) {
      assertThat(socket.echo("hello")).isEqualTo("hello");

      var message = new byte[64 * 1024];
      for (var sent = 0L; sent <= 2 * CHAT.maxRequestBytes(); sent += message.length) {
        socket.send(message);
      }
      await().atMost(SOON).until(() -> socket.received() > 2 * CHAT.maxRequestBytes());

      assertThat(socket.echo("still there")).isEqualTo("still there");
      assertThat(application.heads())
          .singleElement()
          .asString()
          .contains("x-forwarded-client-cert:", Intents.EDGE)
          .doesNotContain(CertificateExpiry.HEADER);
    }
  }

  /** When it ends, and by what was decided when it began. */
  @Test
  void anAllowedOneHasALineOfAllThatPassed() throws Exception {
    var all = new AccessLog(Map.of("chat", new Share(1_000_000)), 1000);
    try (var gate = Gate.open(behind(CHAT).and(Intents.accessLog(all)))) {
      try (var socket = WebSocketClient.open(gate.as(Intents.EDGE), "/chat")) {
        assertThat(socket.echo("hello")).isEqualTo("hello");
        assertThat(gate.envoy().accessLog()).noneMatch(line -> line.contains("allowed"));
      }

      gate.logged("\"event\":\"allowed\"", "\"code\":101", "\"route\":\"chat\"");
    }
  }

  @Test
  void aHandshakeIsRefusedWhereNoRouteTakesItAndWhoeverIsNoCaller() throws Exception {
    var ofBatch = withCallers(FILES, Intents.EDGE_CALLER, Intents.BATCH_CALLER);
    try (var gate = Gate.open(behind(CHAT, ofBatch))) {
      var edge = gate.as(Intents.EDGE);
      assertThat(WebSocketClient.statusOf(edge, "/chat")).isEqualTo(101);
      assertThat(WebSocketClient.statusOf(edge, "/files/a")).isEqualTo(403);
      assertThat(WebSocketClient.statusOf(edge, "/chat/more")).isEqualTo(403);
      assertThat(WebSocketClient.statusOf(gate.as(Intents.BATCH), "/chat")).isEqualTo(403);
      gate.logged("rbac_access_denied_matched_policy[shop/orders/chat]", Intents.BATCH);

      var other = HttpText.get("/chat").header("connection: upgrade").header("upgrade: other");
      assertThat(edge.send(other).status()).isEqualTo(403);
      assertThat(application.heads()).hasSize(1);
    }
  }

  @Test
  void whatIsNoHandshakeIsLeftToOtherRoutes() throws IOException {
    var ofBatch = withCallers(FILES, Intents.EDGE_CALLER, Intents.BATCH_CALLER);
    try (var gate = Gate.open(behind(CHAT, ofBatch))) {
      var edge = gate.as(Intents.EDGE);
      var half = HttpText.get("/chat").header("upgrade: websocket");
      assertThat(edge.get("/chat").status()).isEqualTo(426);
      assertThat(edge.send(half).status()).isEqualTo(426);
      assertThat(edge.send(HttpText.of("POST", "/chat").body(1)).status()).isEqualTo(405);
      assertThat(gate.as(Intents.BATCH).get("/chat").status()).isEqualTo(403);
      assertThat(application.heads()).isEmpty();

      gate.serve(behind(CHAT, route("chat-page", PATH, "GET")));
      assertThat(edge.get("/chat").status()).isEqualTo(200);
      assertThat(edge.send(HttpText.get("/chat").body(3 * 1024 * 1024)).status()).isEqualTo(413);
      assertThat(WebSocketClient.statusOf(edge, "/chat")).isEqualTo(101);
    }
  }

  /** An application that takes no handshake would read what follows as the next request. */
  @Test
  void nothingPassesBeforeTheApplicationHasAgreed() throws IOException {
    try (var gate = Gate.open(Intents.routes(CHAT, FILES))) {
      var ahead =
          "GET /chat HTTP/1.1\r\nhost: orders\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"
              + "GET /admin HTTP/1.1\r\nhost: orders\r\n\r\n";
      try (var connection = gate.as(Intents.EDGE).connect()) {
        assertThat(connection.sendUnfinished(ahead).status()).isEqualTo(200);
        await().atMost(SOON).until(connection::isClosedByServer);
      }
      assertThat(gate.application().seen()).extracting("path").containsExactly("/chat");
    }
  }

  @Test
  void aHandshakeThatIsNeverAnsweredEndsWithTheSilence() throws IOException {
    var impatient =
        new Route(
                "chat",
                PATH,
                CHAT.methods(),
                CHAT.callers(),
                CHAT.rateLimits(),
                CHAT.maxRequestBytes(),
                Duration.ofHours(1),
                Duration.ofMillis(500))
            .ofWebSockets();
    try (var gate = Gate.open(behind(impatient))) {
      try (var quiet = WebSocketClient.open(gate.as(Intents.EDGE), "/chat")) {
        await().atMost(SOON).until(quiet::hasEnded);
      }
      gate.logged("\"code\":101", "stream_idle_timeout");

      application.fallSilent();
      assertThat(WebSocketClient.statusOf(gate.as(Intents.EDGE), "/chat")).isIn(408, 504);
    }
  }

  @Test
  void itIsCutWhenItHasBeenOpenForLongEnough() throws Exception {
    try (var gate = Gate.open(behind(chat(Duration.ofSeconds(2))));
        var socket = WebSocketClient.open(gate.as(Intents.EDGE), "/chat")) {
      assertThat(socket.echo("hello")).isEqualTo("hello");

      assertThatThrownBy(() -> talk(socket)).isInstanceOf(IOException.class);

      assertThat(gate.envoy().stat("http.inbound.downstream_rq_max_duration_reached")).isEqualTo(1);
    }
  }

  @Test
  void aNewEpochCutsItWhoeverTalks() throws Exception {
    try (var gate =
            Gate.open(behind(CHAT), "--drain-time-s", "2", "--drain-strategy", "immediate");
        var old = WebSocketClient.open(gate.as(Intents.EDGE), "/chat")) {
      assertThat(old.echo("hello")).isEqualTo("hello");

      gate.begin(new Epoch(7, 0), behind(CHAT));
      try (var fresh = WebSocketClient.open(gate.as(Intents.EDGE), "/chat")) {
        assertThatThrownBy(() -> talk(old)).isInstanceOf(IOException.class);
        assertThat(fresh.echo("still there")).isEqualTo("still there");
      }
    }
  }

  @Test
  void handshakesAreCountedAsRequestsAre() throws IOException {
    var once =
        new RateLimit("once", Intents.PER_ADDRESS, 1, Duration.ofHours(1), 0, 100, Reach.ROUTE);
    try (var gate = Gate.open(behind(withLimits(CHAT, once).ofWebSockets()))) {
      assertThat(WebSocketClient.statusOf(gate.as(Intents.EDGE), "/chat")).isEqualTo(101);
      assertThat(WebSocketClient.statusOf(gate.as(Intents.EDGE), "/chat")).isEqualTo(429);
    }
  }

  @Test
  void webSocketsAndRequestsTakeNoPlaceFromEachOther() throws Exception {
    var one = new Pool(1, 1024, 1, Duration.ofHours(1), Optional.empty(), 1);
    var change = behind(CHAT, FILES).and(Intents.pool(one));
    try (var gate = Gate.open(change);
        var socket = WebSocketClient.open(gate.as(Intents.EDGE), "/chat")) {
      var edge = gate.as(Intents.EDGE);

      assertThat(WebSocketClient.statusOf(edge, "/chat")).isEqualTo(503);
      assertThat(edge.get("/files/a").status()).isEqualTo(200);

      assertThat(socket.echo("hello")).isEqualTo("hello");
      socket.close();
      await().atMost(SOON).until(() -> WebSocketClient.statusOf(edge, "/chat") == 101);
    }
  }

  @Test
  void aLongLifeIsNoLatency() throws Exception {
    var breaker = new Breaker(Duration.ofSeconds(2), 50, Duration.ofHours(1));
    try (var gate = Gate.open(behind(CHAT, FILES).and(Intents.breaker(breaker)))) {
      var edge = gate.as(Intents.EDGE);
      try (var socket = WebSocketClient.open(edge, "/chat")) {
        var begun = System.nanoTime();
        while (System.nanoTime() - begun < 2_500_000_000L) {
          assertThat(socket.echo("hello")).isEqualTo("hello");
        }
      }
      for (var sent = 0; sent < 100; sent++) {
        assertThat(WebSocketClient.statusOf(edge, "/chat")).isEqualTo(101);
      }
      assertThat(edge.get("/files/a").status()).isEqualTo(200);
    }
  }

  /** Until it is cut, which the test's own time limits. */
  private static void talk(WebSocketClient socket) throws Exception {
    for (var begun = System.nanoTime(); System.nanoTime() - begun < SOON.toNanos(); ) {
      socket.echo("hello");
    }
  }
}
