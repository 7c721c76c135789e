package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpConnection;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.MtlsClient;
import dev.portcullis.operator.envoytest.WebSocketBackend;
import dev.portcullis.operator.envoytest.WebSocketClient;
import dev.portcullis.operator.intent.Application;
import dev.portcullis.operator.intent.Application.Protocol;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.Shadow;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A mode that changes under load, and what lives longer than a request. */
class ShadowChangesIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int ENOUGH = 50;
  private static final Route PLAIN = route("plain", new PathMatch.Exact("/plain"), "GET");
  private static final Route CHAT =
      route("chat", new PathMatch.Exact("/chat"), "GET").ofWebSockets();

  private static Intents.Change shadow(Route... routes) {
    var names = List.of(routes).stream().map(Route::name).toList();
    return Intents.shadow(new Shadow.OfPolicy(names, Duration.ofSeconds(15)));
  }

  /** Requests without end, on connections that are left when the gate says so, and on new ones. */
  private static final class Load implements AutoCloseable {

    private final AtomicBoolean running = new AtomicBoolean(true);
    private final ConcurrentLinkedQueue<String> outcomes = new ConcurrentLinkedQueue<>();
    private final java.util.concurrent.ExecutorService threads =
        Executors.newVirtualThreadPerTaskExecutor();

    Load(MtlsClient client) {
      threads.submit(() -> repeat(() -> client.get("/plain").status()));
      threads.submit(() -> keeping(client));
    }

    private void keeping(MtlsClient client) {
      while (running.get()) {
        try (var kept = client.connect()) {
          repeatUntilTold(kept);
        } catch (IOException e) {
          outcomes.add(e.toString());
        }
      }
    }

    private void repeatUntilTold(HttpConnection kept) {
      var told = new AtomicBoolean();
      while (running.get() && !told.get()) {
        outcomes.add(
            outcome(
                () -> {
                  var answer = kept.get("/plain");
                  told.set(answer.header("connection").filter("close"::equals).isPresent());
                  return answer.status();
                }));
      }
    }

    private void repeat(Callable<Integer> request) {
      while (running.get()) {
        outcomes.add(outcome(request));
      }
    }

    private static String outcome(Callable<Integer> request) {
      try {
        return request.call().toString();
      } catch (Exception e) {
        return e.toString();
      }
    }

    /** What came of the requests from now on, once there were enough. */
    List<String> next() {
      outcomes.clear();
      await().atMost(SOON).until(() -> outcomes.size() >= ENOUGH);
      return List.copyOf(outcomes);
    }

    List<String> soFar() {
      return List.copyOf(outcomes);
    }

    @Override
    public void close() {
      running.set(false);
      threads.close();
    }
  }

  @Test
  void nobodyFailsWhileTheModeChangesAndWhoIsNoCallerIsDeniedAgain() {
    var enforcing = Intents.routes(PLAIN);
    try (var gate = Gate.open(enforcing);
        var callers = new Load(gate.as(Intents.EDGE));
        var strangers = new Load(gate.as(Intents.BATCH))) {
      assertThat(strangers.next()).containsOnly("403");

      gate.serve(enforcing.and(shadow(PLAIN)));
      strangers.next();
      assertThat(strangers.next()).containsOnly("200");
      assertThat(strangers.soFar()).doesNotContain("403");

      gate.serve(enforcing);
      strangers.next();
      assertThat(strangers.next()).containsOnly("403");
      assertThat(callers.soFar()).containsOnly("200").hasSizeGreaterThan(ENOUGH);
    }
  }

  @Test
  void aWebSocketOfNoCallerIsTakenAndCountedWhileInShadow() throws Exception {
    try (var application = WebSocketBackend.start()) {
      var behind =
          Intents.routes(CHAT)
              .and(
                  Intents.application(
                      new Application(
                          application.port(),
                          Protocol.HTTP1,
                          Duration.ofSeconds(1),
                          Optional.empty())));
      try (var gate = Gate.open(behind.and(shadow(CHAT)));
          var socket = WebSocketClient.open(gate.as(Intents.BATCH), "/chat")) {
        assertThat(socket.echo("hello")).isEqualTo("hello");
        socket.close();
        gate.logged("\"event\":\"shadow\"", "\"rule\":\"callers\"", "\"route\":\"chat\"");

        gate.serve(behind);
        assertThat(WebSocketClient.statusOf(gate.as(Intents.BATCH), "/chat")).isEqualTo(403);
        assertThat(WebSocketClient.statusOf(gate.as(Intents.EDGE), "/chat")).isEqualTo(101);
      }
    }
  }
}
