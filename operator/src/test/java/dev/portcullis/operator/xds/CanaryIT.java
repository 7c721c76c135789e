package dev.portcullis.operator.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.UInt32Value;
import dev.portcullis.bootstrap.render.CanaryBootstrap;
import dev.portcullis.operator.envoy.EnvoyResources;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gate with a real Envoy behind it, started as the canary beside the operator is. */
class CanaryIT {

  private static final EnvoyResources GOOD = Resources.answering("good").build();

  @TempDir Path directory;

  private final Operator operator =
      Operator.start(new Operator.Cluster(), 0, Duration.ofMinutes(5));
  private RunningEnvoy canary;

  @BeforeEach
  void startCanary() {
    var bootstrap =
        CanaryBootstrap.of(operator.server.canaryPort(), directory.resolve("admin.sock"));
    canary = RunningEnvoy.start(bootstrap, directory);
  }

  @AfterEach
  void stop() {
    canary.close();
    operator.close();
  }

  private PublishOutcome.Rejected rejected(EnvoyResources resources) {
    var outcome = operator.publish("orders", resources);
    assertThat(outcome).isInstanceOf(PublishOutcome.Rejected.class);
    return (PublishOutcome.Rejected) outcome;
  }

  private static EnvoyResources with(Cluster cluster) {
    return new EnvoyResources("broken cluster", GOOD.listener(), GOOD.routes(), List.of(cluster));
  }

  private static EnvoyResources with(RouteConfiguration routes) {
    return new EnvoyResources("broken routes", GOOD.listener(), routes, GOOD.clusters());
  }

  @Test
  void aGoodConfigurationPassesAndIsTakenOffTheCanary() throws Exception {
    // When
    var outcome = operator.publish("orders", GOOD);
    // Then
    assertThat(outcome).isEqualTo(new PublishOutcome.Published(GOOD.version()));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !canary.get("/listeners?format=json").contains("inbound"));
    await().atMost(Duration.ofSeconds(30)).until(() -> !canary.get("/clusters").contains("app::"));
  }

  @Test
  void aBrokenListenerIsRejectedInEnvoysWords() {
    // When
    var rejected = rejected(RefusedByEnvoy.of(GOOD));
    // Then
    assertThat(rejected.resource()).isEqualTo("inbound");
    assertThat(rejected.message()).contains("same matching rules");
  }

  @Test
  void brokenRoutesAreRejectedInEnvoysWords() {
    // Given
    var routes = GOOD.routes().toBuilder();
    routes.addVirtualHosts(routes.getVirtualHosts(0).toBuilder().setName("twice"));
    // When
    var rejected = rejected(with(routes.build()));
    // Then
    assertThat(rejected.resource()).isEqualTo("inbound");
    assertThat(rejected.message()).contains("domain");
  }

  @Test
  void aBrokenClusterIsRejectedInEnvoysWords() {
    // Given
    var tooSmall =
        GOOD.clusters().getFirst().toBuilder()
            .setType(Cluster.DiscoveryType.EDS)
            .setPerConnectionBufferLimitBytes(UInt32Value.of(1));
    // When
    var rejected = rejected(with(tooSmall.build()));
    // Then
    assertThat(rejected.resource()).isEqualTo("app");
  }

  @Test
  void afterARejectionTheNextGoodOnePassesAndTheGroupKeptItsOwn() {
    // Given
    operator.publish("orders", GOOD);
    rejected(RefusedByEnvoy.of(GOOD));
    // When
    var same = operator.publish("orders", GOOD);
    var other = operator.publish("payments", Resources.answering("other").build());
    // Then
    assertThat(same).isEqualTo(new PublishOutcome.Published(GOOD.version()));
    assertThat(other).isInstanceOf(PublishOutcome.Published.class);
    assertThat(checks("unchanged")).isEqualTo(1);
    assertThat(checks("accepted")).isEqualTo(2);
    assertThat(checks("refused")).isEqualTo(1);
  }

  @Test
  void theCanaryConnectsToNothingAndBindsNothing() throws Exception {
    try (var app = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        var taken = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      // Given
      var resources = Resources.answering("good").onPort(taken.getLocalPort()).build();
      var live =
          new EnvoyResources(
              "live", resources.listener(), resources.routes(), List.of(checked(app)));
      // When
      var outcome = operator.publish("orders", live);
      // Then
      assertThat(outcome).isInstanceOf(PublishOutcome.Published.class);
      app.setSoTimeout(500);
      assertThat(connects(app)).isFalse();
    }
  }

  private static boolean connects(ServerSocket socket) throws IOException {
    try (var ignored = socket.accept()) {
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  private static Cluster checked(ServerSocket app) {
    var address =
        Address.newBuilder()
            .setSocketAddress(
                SocketAddress.newBuilder()
                    .setAddress("127.0.0.1")
                    .setPortValue(app.getLocalPort()));
    var second = com.google.protobuf.Duration.newBuilder().setSeconds(1);
    return Cluster.newBuilder()
        .setName("app")
        .setType(Cluster.DiscoveryType.STATIC)
        .setLoadAssignment(
            ClusterLoadAssignment.newBuilder()
                .setClusterName("app")
                .addEndpoints(
                    LocalityLbEndpoints.newBuilder()
                        .addLbEndpoints(
                            LbEndpoint.newBuilder()
                                .setEndpoint(Endpoint.newBuilder().setAddress(address)))))
        .addHealthChecks(
            io.envoyproxy.envoy.config.core.v3.HealthCheck.newBuilder()
                .setInterval(second)
                .setTimeout(second)
                .setUnhealthyThreshold(UInt32Value.of(1))
                .setHealthyThreshold(UInt32Value.of(1))
                .setTcpHealthCheck(
                    io.envoyproxy.envoy.config.core.v3.HealthCheck.TcpHealthCheck
                        .getDefaultInstance()))
        .build();
  }

  @Test
  void manyChecksInARowLeaveTheCanarySmall() throws Exception {
    // Given
    operator.publish("orders", Resources.answering("warm").build());
    var before = canary.residentKib();
    // When
    for (var i = 0; i < 300; i++) {
      var resources = Resources.answering("answer " + i).withStatPrefix("p" + i).build();
      assertThat(operator.publish("orders", resources))
          .isInstanceOf(PublishOutcome.Published.class);
    }
    // Then
    var mean =
        operator
            .registry
            .get("portcullis.canary.check")
            .timer()
            .mean(java.util.concurrent.TimeUnit.MICROSECONDS);
    System.out.printf(
        "canary: %.0f us a check, resident %d -> %d KiB%n", mean, before, canary.residentKib());
    assertThat(canary.residentKib() - before).isLessThan(64 << 10);
    assertThat(canary.isAlive()).isTrue();
  }

  private double checks(String outcome) {
    return operator
        .registry
        .get("portcullis.canary.checks")
        .tag("outcome", outcome)
        .counter()
        .count();
  }
}
