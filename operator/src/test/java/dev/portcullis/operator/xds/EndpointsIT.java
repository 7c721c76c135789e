package dev.portcullis.operator.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints at a real Envoy: how they come, and that no cluster waits for them in vain. */
class EndpointsIT {

  /** Envoy's own patience is 15 s: what takes part of it shows that nothing was waited for. */
  private static final Duration WITHOUT_WAITING = Duration.ofSeconds(12);

  private static final Resources CALLER = Resources.answering("one");

  @TempDir Path directory;

  private final Operator.Cluster cluster = new Operator.Cluster();
  private final List<AutoCloseable> open = new ArrayList<>();
  private Operator operator;
  private RunningEnvoy envoy;

  @BeforeEach
  void aSidecarThatCalls() throws Exception {
    operator = started(Operator.start(cluster, 0, Duration.ZERO));
    operator.server.xds().locate(Called.at(Called.ENDPOINTS, 7001));
    operator.publish("orders", Called.by(CALLER.onPort(0), 1));
    envoy = started(new Sidecars(directory, cluster)).start("orders-1", "orders", operator);
    soon().untilAsserted(() -> assertThat(hosts()).containsExactly("127.0.0.1:7001"));
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

  private List<String> hosts() throws Exception {
    return envoy
        .get("/clusters")
        .lines()
        .filter(line -> line.startsWith(Called.CLUSTER + "::127.0.0.1:"))
        .map(line -> line.split("::")[1])
        .distinct()
        .sorted()
        .toList();
  }

  @Test
  void endpointsComeAndGoWithoutAChangeOfTheConfiguration() throws Exception {
    // Given
    var before = envoy.updates();
    // When
    operator.server.xds().locate(Called.at(Called.ENDPOINTS, 7001, 7002));
    soon()
        .untilAsserted(
            () -> assertThat(hosts()).containsExactly("127.0.0.1:7001", "127.0.0.1:7002"));
    operator.server.xds().locate(Called.at(Called.ENDPOINTS));
    // Then
    soon().untilAsserted(() -> assertThat(hosts()).isEmpty());
    assertThat(envoy.updates()).isEqualTo(before);
  }

  @Test
  void aClusterThatIsEditedDoesNotWaitForTheEndpointsThatItHas() throws Exception {
    // When
    operator.publish("orders", Called.by(CALLER.onPort(0), 2));
    // Then
    soon().until(() -> envoy.stat("cluster_manager.cluster_modified") == 1);
    await()
        .atMost(WITHOUT_WAITING)
        .until(() -> envoy.stat("cluster_manager.warming_clusters") == 0);
    assertThat(envoy.stat("cluster." + Called.CLUSTER + ".init_fetch_timeout")).isZero();
  }
}
