package dev.portcullis.operator.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.bootstrap.contract.Capture;
import dev.portcullis.bootstrap.render.FileSecrets;
import dev.portcullis.bootstrap.render.Layout;
import dev.portcullis.bootstrap.render.SidecarBootstrap;
import dev.portcullis.bootstrap.render.SidecarSettings;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  @BeforeEach
  void startOperator() {
    operator = started(Operator.start(cluster, 0, NO_GRACE));
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

  /** A pod's files as the kubelet and the init step leave them. */
  private record Pod(String name, Layout layout) {
    Peer peer() {
      return new Peer("shop", name, "uid-of-" + name);
    }

    void writeToken(String token) throws IOException {
      var next = layout.tokenDir().resolve("next");
      Files.writeString(next, token + "\n");
      Files.move(next, layout.xdsToken(), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private Pod pod(String name) throws IOException {
    var home = directory.resolve(name);
    var layout =
        new Layout(
            home.resolve("identity"),
            home.resolve("trust"),
            home.resolve("token"),
            home.resolve("config"));
    for (var each :
        List.of(layout.identityDir(), layout.trustDir(), layout.tokenDir(), layout.configDir())) {
      Files.createDirectories(each);
    }
    Files.writeString(layout.trustBundle(), cluster.authority.rootInPem());
    Files.write(layout.trustSds(), FileSecrets.trust(layout).toByteArray());
    Files.write(layout.tokenSds(), FileSecrets.token(layout).toByteArray());
    var pod = new Pod(name, layout);
    cluster.issue("token-of-" + name, pod.peer(), Duration.ofHours(1));
    pod.writeToken("token-of-" + name);
    return pod;
  }

  private RunningEnvoy start(Pod pod) {
    var settings =
        new SidecarSettings(
            new SidecarSettings.Pod("shop", pod.name(), pod.peer().uid(), "orders"),
            new SidecarSettings.Xds("127.0.0.1", operator.server.port(), Operator.IDENTITY),
            new SidecarSettings.Inbound(Capture.NONE, 1, SidecarSettings.Families.IPV4),
            new SidecarSettings.Budget(256L << 20, 1_000),
            List.of(),
            pod.layout());
    var bootstrap = SidecarBootstrap.of(settings).toBuilder();
    // The probe port and the way through the gate are another test's.
    bootstrap.getStaticResourcesBuilder().clearListeners().removeClusters(1);
    return started(RunningEnvoy.start(bootstrap.build(), pod.layout().configDir()));
  }

  private RunningEnvoy sidecar(String name, String group) throws IOException {
    cluster.groups.put(name, new GroupKey(group));
    return start(pod(name));
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

  private void acknowledged(String pod, Resources resources) {
    var wanted = new Delivery.Acknowledged(resources.build().version());
    soon().untilAsserted(() -> assertThat(operator.delivery("uid-of-" + pod)).isEqualTo(wanted));
  }

  @Test
  void aSidecarTakesItAllAndAfterwardsOnlyWhatChanged() throws Exception {
    // Given
    var one = Resources.answering("one").onPort(freePort()).withClusters("app", "other");
    operator.publish("orders", one.build());
    var envoy = sidecar("orders-1", "orders");
    acknowledged("orders-1", one);
    assertThat(answerOf(one.port())).isEqualTo("one");
    var clusters = envoy.stat("cluster_manager.cds.update_success");
    var listeners = envoy.stat("listener_manager.lds.update_success");
    var routes = envoy.stat("http.inbound.rds.inbound.update_success");
    // When
    operator.publish("orders", one.withAnswer("two").build());
    acknowledged("orders-1", one.withAnswer("two"));
    // Then
    assertThat(answerOf(one.port())).isEqualTo("two");
    assertThat(envoy.stat("cluster_manager.cds.update_success")).isEqualTo(clusters);
    assertThat(envoy.stat("listener_manager.lds.update_success")).isEqualTo(listeners);
    assertThat(envoy.stat("http.inbound.rds.inbound.update_success")).isEqualTo(routes + 1);
    operator.publish("orders", one.withAnswer("two").withClusters("app").build());
    acknowledged("orders-1", one.withAnswer("two").withClusters("app"));
    assertThat(envoy.get("/clusters")).doesNotContain("other::");
  }

  @Test
  void afterARestartOfTheOperatorNothingIsPushedAgain() throws Exception {
    // Given
    var one = Resources.answering("one").onPort(freePort());
    operator.publish("orders", one.build());
    var envoy = sidecar("orders-1", "orders");
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
  void aBadListenerMakesOneRefusalAndNothingElse() throws Exception {
    // Given
    var good = Resources.answering("good").onPort(freePort());
    var other = Resources.answering("other").onPort(freePort());
    operator.publish("orders", good.build());
    operator.publish("payments", other.build());
    sidecar("orders-1", "orders");
    var neighbour = sidecar("payments-1", "payments");
    acknowledged("orders-1", good);
    acknowledged("payments-1", other);
    var before = neighbour.updates();
    // When
    var bad = RefusedByEnvoy.of(good.build());
    operator.publish("orders", bad);
    soon()
        .untilAsserted(
            () ->
                assertThat(operator.delivery("uid-of-orders-1"))
                    .isInstanceOfSatisfying(
                        Delivery.Refused.class,
                        refused -> {
                          assertThat(refused.version()).isEqualTo(bad.version());
                          assertThat(refused.resource()).isEqualTo("inbound");
                          assertThat(refused.message()).contains("same matching rules");
                        }));
    // Then what is not about the listener still goes through, and the listener is not repeated
    for (var i = 0; i < 20; i++) {
      var answer = good.withAnswer("still good " + i);
      operator.publish("orders", RefusedByEnvoy.of(answer.build()));
      soon().untilAsserted(() -> assertThat(answerOf(good.port())).isEqualTo(answer.answer()));
    }
    assertThat(operator.counted("portcullis.xds.nacks")).isEqualTo(1);
    assertThat(neighbour.updates()).isEqualTo(before);
    operator.publish("orders", good.build());
    acknowledged("orders-1", good);
  }

  @Test
  void aRotatedTokenIsUsedWhenTheOldOneEnds() throws Exception {
    // Given
    var one = Resources.answering("one").onPort(freePort());
    operator.publish("orders", one.build());
    cluster.groups.put("orders-1", new GroupKey("orders"));
    var pod = pod("orders-1");
    cluster.issue("short", pod.peer(), Duration.ofSeconds(8));
    pod.writeToken("short");
    var envoy = start(pod);
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
    var envoy = start(pod("orders-1"));
    soon().until(() -> envoy.get("/server_info").contains("\"LIVE\""));
    assertThat(envoy.get("/listeners?format=json")).doesNotContain("inbound");
    // When
    operator.publish("orders", one.build());
    cluster.groups.put("orders-1", new GroupKey("orders"));
    operator.server.xds().regroup("uid-of-orders-1");
    // Then
    acknowledged("orders-1", one);
    assertThat(answerOf(one.port())).isEqualTo("one");
  }

  @Test
  void aWithdrawnGroupKeepsServing() throws Exception {
    // Given
    var one = Resources.answering("one").onPort(freePort());
    operator.publish("orders", one.build());
    var envoy = sidecar("orders-1", "orders");
    acknowledged("orders-1", one);
    var before = envoy.updates();
    // When
    operator.server.xds().withdraw(new GroupKey("orders"));
    operator.server.xds().regroup("uid-of-orders-1");
    soon().until(() -> operator.delivery("uid-of-orders-1") instanceof Delivery.Pending);
    // Then
    assertThat(answerOf(one.port())).isEqualTo("one");
    assertThat(envoy.updates()).isEqualTo(before);
  }

  @Test
  void anUnknownTokenGetsNothing() throws Exception {
    // Given
    operator.publish("orders", Resources.answering("one").onPort(freePort()).build());
    cluster.groups.put("orders-1", new GroupKey("orders"));
    var pod = pod("orders-1");
    cluster.tokens.clear();
    // When
    start(pod);
    // Then
    soon().until(() -> operator.counted("portcullis.xds.refused.streams") > 1);
    assertThat(operator.delivery(pod.peer().uid())).isEqualTo(new Delivery.NotConnected());
    assertThat(operator.counted("portcullis.xds.pushes")).isZero();
  }
}
