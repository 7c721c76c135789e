package dev.portcullis.operator.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.bootstrap.render.CanaryBootstrap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a canary cannot see, since it binds no port: the listener's port is taken where the sidecar
 * runs. Real canary, real sidecars.
 */
class SidecarRefusalIT {

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @TempDir Path directory;

  private final Operator.Cluster cluster = new Operator.Cluster();
  private final Operator operator = Operator.start(cluster, 0, Duration.ofMinutes(5));
  private Sidecars sidecars;
  private RunningEnvoy canary;

  @BeforeEach
  void startCanary() throws IOException {
    sidecars = new Sidecars(directory, cluster);
    var home = Files.createDirectory(directory.resolve("canary"));
    var bootstrap = CanaryBootstrap.of(operator.server.canaryPort(), home.resolve("admin.sock"));
    canary = RunningEnvoy.start(bootstrap, home);
  }

  @AfterEach
  void stop() {
    sidecars.close();
    canary.close();
    operator.close();
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(60));
  }

  private static Resources answering(String answer, int port) {
    return Resources.answering(answer)
        .onPort(port)
        .withStatPrefix(answer)
        .withClusters("app", answer);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, LOOPBACK)) {
      return socket.getLocalPort();
    }
  }

  private void publish(Resources resources) {
    assertThat(operator.publish("orders", resources.build()))
        .isEqualTo(new PublishOutcome.Published(resources.build().version()));
  }

  private void awaitTaken(String pod, Resources resources) {
    var taken = new Delivery.Acknowledged(resources.build().version());
    soon().untilAsserted(() -> assertThat(operator.delivery("uid-of-" + pod)).isEqualTo(taken));
  }

  private void awaitRefused(String pod, Resources resources) {
    soon()
        .untilAsserted(
            () ->
                assertThat(operator.delivery("uid-of-" + pod))
                    .isInstanceOfSatisfying(
                        Delivery.Refused.class,
                        refused -> {
                          assertThat(refused.version()).isEqualTo(resources.build().version());
                          assertThat(refused.resource()).isEqualTo("inbound");
                          assertThat(refused.message()).contains("cannot bind");
                        }));
  }

  /** All of it and nothing else: clusters, port and answer. */
  private void awaitRuns(RunningEnvoy envoy, Resources resources) {
    soon()
        .untilAsserted(
            () -> {
              assertThat(envoy.get("/listeners")).contains("127.0.0.1:" + resources.port());
              assertThat(envoy.get("/config_dump?resource=dynamic_route_configs"))
                  .contains("\"inline_string\": \"" + resources.answer() + "\"");
              assertThat(envoy.get("/config_dump?resource=dynamic_active_clusters"))
                  .contains(resources.clusters())
                  .doesNotContain("\"taken\"");
            });
  }

  /** A worker follows a moment after its proxy's acknowledgement. */
  private static void awaitAnswers(Resources resources) {
    soon()
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(() -> assertThat(answerOf(resources)).isEqualTo(resources.answer()));
  }

  private static String answerOf(Resources resources) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://127.0.0.1:" + resources.port());
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  void aPortThatIsTakenLeavesEveryPodOnTheLastGoodUntilTheNextEdit() throws Exception {
    // Given
    var good = answering("good", freePort());
    var taken = answering("taken", freePort());
    publish(good);
    var first = sidecars.start("orders-1", "orders", operator);
    awaitTaken("orders-1", good);
    try (var app = new ServerSocket(taken.port(), 1, LOOPBACK)) {
      // When
      publish(taken);
      // Then
      awaitRefused("orders-1", taken);
      awaitRuns(first, good);
      awaitAnswers(good);
      var second = sidecars.start("orders-2", "orders", operator);
      awaitRefused("orders-2", taken);
      awaitRuns(second, good);
      assertThat(operator.counted("portcullis.xds.nacks")).isEqualTo(2);
    }
    // When
    var next = answering("next", taken.port());
    publish(next);
    // Then
    awaitTaken("orders-1", next);
    awaitTaken("orders-2", next);
    awaitAnswers(next);
  }
}
