package dev.portcullis.operator.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.Http2Connection;
import dev.portcullis.operator.envoytest.Intents;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How many requests one HTTP/2 connection may have under way. */
class StreamsIT {

  private static final Duration SOON = Duration.ofSeconds(15);

  @Test
  void callersAreToldHowManyTheyMayHave() throws IOException {
    try (var gate = Gate.open(Intents.streams(2));
        var connection = gate.as(Intents.EDGE).connectHttp2()) {
      assertThat(connection.setting(Http2Connection.MAX_CONCURRENT_STREAMS)).contains(2L);
      for (var sent = 0; sent < 5; sent++) {
        assertThat(connection.status(get(connection))).isEqualTo(200);
      }
    }
  }

  @Test
  void whoHasMoreAllTheSameReachesNothingWithThem() throws IOException {
    try (var gate = Gate.open(Intents.streams(2));
        var connection = gate.as(Intents.EDGE).connectHttp2();
        var other = gate.as(Intents.EDGE).connectHttp2()) {
      gate.application().hold();
      get(connection);
      get(connection);
      await().atMost(SOON).until(() -> gate.application().seen().size() == 2);

      connection.awaitEnd(get(connection));
      assertThat(gate.application().seen()).hasSize(2);

      gate.application().release();
      assertThat(other.status(get(other))).isEqualTo(200);
    }
  }

  private static int get(Http2Connection connection) throws IOException {
    return connection.send(
        ":method", "GET", ":scheme", "https", ":authority", "orders", ":path", "/files/a");
  }
}
