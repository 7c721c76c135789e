package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Traffic does not notice that the operator is gone, nor that it is back. */
@OnRealCluster
@ResourceLock(Installation.OPERATOR)
class OutageE2E {

  private static final Duration OUTAGE = Duration.ofMinutes(1);

  private static Installation installation;
  private static Orders orders;

  @BeforeAll
  static void deploy(Installation shared) {
    installation = shared;
    orders = Orders.enforced(shared, "outage-e2e");
  }

  @AfterAll
  static void remove() {
    orders.close();
  }

  @Test
  void aMinuteWithoutTheOperatorLosesNothingAndNothingIsPushedAgain() {
    // Given
    var load = Load.on(installation, orders);

    // When
    scale(0);
    operators().forEach(pod -> installation.client().resource(pod).withGracePeriod(0).delete());
    var gone = System.nanoTime();
    await().atMost(Duration.ofMinutes(1)).until(() -> operators().isEmpty());
    await().atMost(OUTAGE.multipliedBy(2)).until(() -> System.nanoTime() - gone > OUTAGE.toNanos());
    scale(1);

    // Then
    await().atMost(Duration.ofMinutes(3)).until(() -> connectedSidecars() >= orders.pods().size());
    load.stop().assertNothingLost();
    assertThat(metric("portcullis_xds_pushes_total")).isZero();
    orders.awaitEnforced();
  }

  private static void scale(int replicas) {
    installation
        .client()
        .apps()
        .deployments()
        .inNamespace(Installation.NAMESPACE)
        .withName("portcullis-operator")
        .scale(replicas);
  }

  private static List<Pod> operators() {
    return installation
        .client()
        .pods()
        .inNamespace(Installation.NAMESPACE)
        .withLabel("app.kubernetes.io/component", "operator")
        .list()
        .getItems();
  }

  private static double connectedSidecars() {
    return operators().isEmpty() ? 0 : metric("portcullis_xds_streams");
  }

  /**
   * Sum over all label values, as Prometheus would read it; 0 while the operator does not answer.
   */
  private static double metric(String name) {
    try {
      var text =
          installation
              .client()
              .raw(
                  "/api/v1/namespaces/%s/pods/%s:8080/proxy/q/metrics"
                      .formatted(
                          Installation.NAMESPACE, operators().getFirst().getMetadata().getName()));
      return text == null
          ? 0
          : text.lines()
              .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
              .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
              .sum();
    } catch (KubernetesClientException notYet) {
      return 0;
    }
  }
}
