package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withTimeout;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.Http2Connection;
import dev.portcullis.operator.envoytest.Http2WebSocketBackend;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.WebSocketBackend;
import dev.portcullis.operator.envoytest.WebSocketClient;
import dev.portcullis.operator.envoytest.WebSocketFrame;
import dev.portcullis.operator.intent.Application;
import dev.portcullis.operator.intent.Application.Protocol;
import dev.portcullis.operator.intent.Epoch;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** WebSockets over HTTP/2 (RFC 8441): from callers, and to the application. */
class WebSocketOverHttp2IT {

  private static final Route CHAT =
      withTimeout(route("chat", new PathMatch.Exact("/chat"), "GET"), Duration.ofHours(1))
          .ofWebSockets();
  private static final Route FILES = route("files", new PathMatch.Prefix("/files"), "GET");

  private static Intents.Change behind(int port, Protocol protocol) {
    return Intents.routes(CHAT, FILES)
        .and(
            Intents.application(
                new Application(port, protocol, Duration.ofSeconds(1), Optional.empty())));
  }

  @Test
  void itIsOfferedWhereARouteTakesIt() throws IOException {
    try (var gate = Gate.open(Intents.NONE);
        var connection = gate.as(Intents.EDGE).connectHttp2()) {
      assertThat(connection.setting(Http2Connection.ENABLE_CONNECT_PROTOCOL).orElse(0L)).isZero();

      connection.awaitEnd(handshake(connection, "/files/a", "websocket"));
      assertThat(gate.application().seen()).isEmpty();
    }
  }

  @Test
  void messagesPassBothWays() throws IOException {
    try (var application = WebSocketBackend.start();
        var gate = Gate.open(behind(application.port(), Protocol.HTTP1));
        var connection = gate.as(Intents.EDGE).connectHttp2()) {
      assertThat(connection.setting(Http2Connection.ENABLE_CONNECT_PROTOCOL)).contains(1L);
      var chat = handshake(connection, "/chat", "websocket");
      assertThat(connection.status(chat)).isEqualTo(200);

      var frame = WebSocketFrame.binary((byte) 7, (byte) 8);
      connection.data(chat, frame.masked());

      assertThat(connection.read(chat, 4)).isEqualTo(frame.unmasked());
      assertThat(application.heads())
          .singleElement()
          .asString()
          .startsWith("get /chat http/1.1")
          .contains("upgrade: websocket");
    }
  }

  @Test
  void whatIsNoHandshakeOfARouteIsRefused() throws IOException {
    try (var application = WebSocketBackend.start();
        var gate = Gate.open(behind(application.port(), Protocol.HTTP1));
        var edge = gate.as(Intents.EDGE).connectHttp2();
        var batch = gate.as(Intents.BATCH).connectHttp2()) {
      assertThat(edge.status(handshake(edge, "/files/a", "websocket"))).isEqualTo(403);
      assertThat(edge.status(handshake(edge, "/unknown", "websocket"))).isEqualTo(403);
      assertThat(edge.status(handshake(edge, "/chat", "other"))).isEqualTo(403);
      assertThat(batch.status(handshake(batch, "/chat", "websocket"))).isEqualTo(403);

      var tunnel = edge.begin(":method", "CONNECT", ":authority", "127.0.0.1:22");
      assertThat(edge.status(tunnel)).isIn(403, 404);
      assertThat(application.heads()).isEmpty();
    }
  }

  @Test
  void aNewEpochCutsIt() throws IOException {
    try (var application = WebSocketBackend.start();
        var gate =
            Gate.open(
                behind(application.port(), Protocol.HTTP1),
                "--drain-time-s",
                "2",
                "--drain-strategy",
                "immediate");
        var old = gate.as(Intents.EDGE).connectHttp2()) {
      var chat = handshake(old, "/chat", "websocket");
      assertThat(old.status(chat)).isEqualTo(200);

      gate.begin(new Epoch(7, 0), behind(application.port(), Protocol.HTTP1));

      old.awaitEnd(chat);
      try (var fresh = WebSocketClient.open(gate.as(Intents.EDGE), "/chat")) {
        assertThat(fresh.hasEnded()).isFalse();
      }
    }
  }

  @Test
  void anApplicationOfHttp2IsAskedInItsOwnWay() throws IOException {
    try (var application = Http2WebSocketBackend.start();
        var gate = Gate.open(behind(application.port(), Protocol.HTTP2));
        var connection = gate.as(Intents.EDGE).connectHttp2()) {
      var chat = handshake(connection, "/chat", "websocket");
      assertThat(connection.status(chat)).isEqualTo(200);
      connection.data(chat, new byte[] {1, 2, 3});

      assertThat(connection.read(chat, 3)).containsExactly(1, 2, 3);
      assertThat(WebSocketClient.statusOf(gate.as(Intents.BATCH), "/chat")).isEqualTo(403);
      assertThat(application.protocols()).containsExactly("CONNECT websocket");
    }
  }

  private static int handshake(Http2Connection connection, String path, String protocol)
      throws IOException {
    return connection.begin(
        ":method",
        "CONNECT",
        ":protocol",
        protocol,
        ":scheme",
        "https",
        ":path",
        path,
        ":authority",
        "orders",
        "sec-websocket-version",
        "13");
  }
}
