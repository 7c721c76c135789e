package dev.portcullis.operator.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.envoy.EnvoyResources;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real Envoys with the bootstrap of a real sidecar, over TLS, with tokens from files. */
class EnvoyDeltaIT {

  private static final Duration NO_GRACE = Duration.ZERO;

  @TempDir Path directory;

  private final Operator.Cluster cluster = new Operator.Cluster();
  private final List<AutoCloseable> open = new ArrayList<>();
  private Operator operator;
  private Sidecars sidecars;

  @BeforeEach
  void startOperator() {
    operator = started(Operator.start(cluster, 0, NO_GRACE));
    sidecars = started(new Sidecars(directory, cluster));
  }

  @AfterEach
  void stopAll() throws Exception {
    for (var each : open.reversed()) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T started(T closeable) {
    open.add(closeable);
    return closeable;
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(60));
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String answerOf(int port) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port)).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  /** A worker follows a moment after its proxy's acknowledgement. */
  private static void answers(int port, String answer) {
    soon()
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(() -> assertThat(answerOf(port)).isEqualTo(answer));
  }

  private void acknowledged(String pod, Resources resources) {
    acknowledged(pod, resources.build());
  }

  private void acknowledged(String pod, EnvoyResources resources) {
    var wanted = new Delivery.Acknowledged(resources.version());
    soon().untilAsserted(() -> assertThat(operator.delivery("uid-of-" + pod)).isEqualTo(wanted));
  }

  @Test
  void aSidecarTakesItAllAndAfterwardsOnlyWhatChanged() throws Exception {
    // Given
    var one = Resources.answering("one").onPort(freePort()).withClusters("app", "other");
    operator.publish("orders", one.build());
    var envoy = sidecars.start("orders-1", "orders", operator);
    acknowledged("orders-1", one);
    answers(one.port(), "one");
    var clusters = envoy.stat("cluster_manager.cds.update_success");
    var listeners = envoy.stat("listener_manager.lds.update_success");
    var routes = envoy.stat("http.inbound.rds.inbound.update_success");
    // When
    operator.publish("orders", one.withAnswer("two").build());
    acknowledged("orders-1", one.withAnswer("two"));
    // Then
    answers(one.port(), "two");
    assertThat(envoy.stat("cluster_manager.cds.update_success")).isEqualTo(clusters);
    assertThat(envoy.stat("listener_manager.lds.update_success")).isEqualTo(listeners);
    assertThat(envoy.stat("http.inbound.rds.inbound.update_success")).isEqualTo(routes + 1);
    operator.publish("orders", one.withAnswer("two").withClusters("app").build());
    acknowledged("orders-1", one.withAnswer("two").withClusters("app"));
    soon().untilAsserted(() -> assertThat(envoy.get("/clusters")).doesNotContain("other::"));
  }

  @Test
  void afterARestartOfTheOperatorNothingIsPushedAgain() throws Exception {
    // Given
    var one = Resources.answering("one").onPort(freePort());
    operator.publish("orders", one.build());
    var envoy = sidecars.start("orders-1", "orders", operator);
    acknowledged("orders-1", one);
    var before = envoy.updates();
    var port = operator.server.port();
    // When
    operator.close();
    operator = started(Operator.start(cluster, port, NO_GRACE));
    soon().until(() -> operator.delivery("uid-of-orders-1") instanceof Delivery.Pending);
    operator.publish("orders", one.build());
    acknowledged("orders-1", one);
    // Then
    assertThat(operator.counted("portcullis.xds.pushes")).isZero();
    assertThat(envoy.updates()).isEqualTo(before);
    operator.publish("orders", one.withAnswer("two").build());
    acknowledged("orders-1", one.withAnswer("two"));
    assertThat(operator.counted("portcullis.xds.pushes")).isEqualTo(1);
  }

  @Test
  void aBadListenerMakesOneRefusalAnEditAndNothingElse() throws Exception {
    // Given
    var good = Resources.answering("good").onPort(freePort());
    var other = Resources.answering("other").onPort(freePort());
    operator.publish("orders", good.build());
    operator.publish("payments", other.build());
    sidecars.start("orders-1", "orders", operator);
    var neighbour = sidecars.start("payments-1", "payments", operator);
    acknowledged("orders-1", good);
    acknowledged("payments-1", other);
    var before = neighbour.updates();
    // When
    for (var i = 0; i < 20; i++) {
      var bad = RefusedByEnvoy.of(good.withAnswer("bad " + i).build());
      operator.publish("orders", bad);
      soon()
          .untilAsserted(() -> assertThat(refusal("orders-1").version()).isEqualTo(bad.version()));
    }
    // Then
    assertThat(refusal("orders-1").resource()).isEqualTo("inbound");
    assertThat(refusal("orders-1").message()).contains("same matching rules");
    answers(good.port(), "good");
    assertThat(operator.counted("portcullis.xds.nacks")).isEqualTo(20);
    assertThat(neighbour.updates()).isEqualTo(before);
    operator.publish("orders", good.withAnswer("better").build());
    acknowledged("orders-1", good.withAnswer("better"));
    answers(good.port(), "better");
  }

  private Delivery.Refused refusal(String pod) {
    var delivery = operator.delivery("uid-of-" + pod);
    assertThat(delivery).isInstanceOf(Delivery.Refused.class);
    return (Delivery.Refused) delivery;
  }

  @Test
  void aRotatedTokenIsUsedWhenTheOldOneEnds() throws Exception {
    // Given
    var one = Resources.answering("one").onPort(freePort());
    operator.publish("orders", one.build());
    cluster.groups.put("orders-1", new GroupKey("orders"));
    var pod = sidecars.pod("orders-1");
    cluster.issue("short", pod.peer(), Duration.ofSeconds(8));
    pod.writeToken("short");
    var envoy = sidecars.start(pod, operator);
    acknowledged("orders-1", one);
    var before = envoy.updates();
    // When
    cluster.issue("long", pod.peer(), Duration.ofHours(1));
    pod.writeToken("long");
    soon().until(() -> cluster.reviewed.contains("long"));
    // Then
    acknowledged("orders-1", one);
    assertThat(envoy.updates()).isEqualTo(before);
  }

  @Test
  void aSidecarWithoutAPolicyStartsEmptyAndIsFilledLater() throws Exception {
    // Given
    var one = Resources.answering("one").onPort(freePort());
    var envoy = sidecars.start(sidecars.pod("orders-1"), operator);
    soon().until(() -> envoy.get("/server_info").contains("\"LIVE\""));
    assertThat(envoy.get("/listeners?format=json")).doesNotContain("inbound");
    // When
    operator.publish("orders", one.build());
    cluster.groups.put("orders-1", new GroupKey("orders"));
    operator.server.xds().regroup("uid-of-orders-1");
    // Then
    acknowledged("orders-1", one);
    answers(one.port(), "one");
  }

  @Test
  void aWithdrawnGroupKeepsServing() throws Exception {
    // Given
    var one = Resources.answering("one").onPort(freePort());
    operator.publish("orders", one.build());
    var envoy = sidecars.start("orders-1", "orders", operator);
    acknowledged("orders-1", one);
    var before = envoy.updates();
    // When
    operator.server.xds().withdraw(new GroupKey("orders"));
    operator.server.xds().regroup("uid-of-orders-1");
    soon().until(() -> operator.delivery("uid-of-orders-1") instanceof Delivery.Pending);
    // Then
    answers(one.port(), "one");
    assertThat(envoy.updates()).isEqualTo(before);
  }

  @Test
  void anUnknownTokenGetsNothing() throws Exception {
    // Given
    operator.publish("orders", Resources.answering("one").onPort(freePort()).build());
    cluster.groups.put("orders-1", new GroupKey("orders"));
    var pod = sidecars.pod("orders-1");
    cluster.tokens.clear();
    // When
    sidecars.start(pod, operator);
    // Then
    soon().until(() -> operator.counted("portcullis.xds.refused.streams") > 1);
    assertThat(operator.delivery(pod.peer().uid())).isEqualTo(new Delivery.NotConnected());
    assertThat(operator.counted("portcullis.xds.pushes")).isZero();
  }

  @Test
  void callsChangeTheirPortsAmongThemselves() throws Exception {
    // Given
    var one = freePort();
    var two = freePort();
    var first = Called.through(Map.of("stock", one, "vault", two));
    operator.publish("orders", first);
    var envoy = sidecars.start("orders-1", "orders", operator);
    acknowledged("orders-1", first);
    // When two are swapped, and then one has another's place and name
    for (var next :
        List.of(
            Map.of("stock", two, "vault", one),
            Map.of("payments", two, "stock", one),
            Map.of("payments", one))) {
      operator.publish("orders", Called.through(next));
      // Then
      acknowledged("orders-1", Called.through(next));
      soon()
          .untilAsserted(
              () ->
                  assertThat(callsIn(envoy.get("/listeners")))
                      .containsExactlyInAnyOrderElementsOf(
                          next.entrySet().stream()
                              .map(each -> each.getKey() + "::127.0.0.1:" + each.getValue())
                              .toList()));
    }
  }

  /** {@code <call>::<address>} of each. */
  private static List<String> callsIn(String listeners) {
    return listeners
        .lines()
        .filter(line -> line.startsWith("call/"))
        .map(line -> line.replaceFirst("call/([^/]*)/[0-9]+::", "$1::"))
        .toList();
  }
}
