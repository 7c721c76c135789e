package dev.portcullis.e2e;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The kubelet's probes, and what a failing application does to its pod. */
@OnRealCluster
@ResourceLock(value = Installation.OPERATOR, mode = ResourceAccessMode.READ)
class HealthE2E {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static Installation installation;
  private static Orders orders;

  @BeforeAll
  static void deploy(Installation shared) {
    installation = shared;
    orders = Orders.enforced(shared, "health-e2e");
  }

  @AfterAll
  static void remove() {
    orders.close();
  }

  @Test
  void theKubeletsProbesPassThroughTheClosedGate() {
    var pod = orders.pods().getFirst();
    Assertions.assertThat(pod.getStatus().getContainerStatuses())
        .allMatch(container -> container.getReady() && container.getRestartCount() == 0);
  }

  @Test
  void anUnhealthyApplicationLeavesTheServiceAndComesBack() {
    // Given
    var pod = orders.pods().getFirst();

    // When
    exec(pod, "touch", "/tmp/unhealthy");

    // Then
    await().atMost(PATIENCE).until(() -> !isReadyEndpoint(pod));
    LimitsE2E.assertHardened("HTTP 503", orders.ask(pod, "call", "/api/v1/orders/7"));

    // When
    exec(pod, "rm", "/tmp/unhealthy");

    // Then
    await().atMost(PATIENCE).until(() -> isReadyEndpoint(pod));
    Assertions.assertThat(orders.ask(pod, "call", "/api/v1/orders/7")).startsWith("HTTP 200");
  }

  private static void exec(Pod pod, String... command) {
    installation.user().exec(orders.namespace(), pod.getMetadata().getName(), command);
  }

  private static boolean isReadyEndpoint(Pod pod) {
    return installation
        .client()
        .discovery()
        .v1()
        .endpointSlices()
        .inNamespace(orders.namespace())
        .list()
        .getItems()
        .stream()
        .flatMap(slice -> slice.getEndpoints().stream())
        .filter(endpoint -> endpoint.getTargetRef().getName().equals(pod.getMetadata().getName()))
        .map(Endpoint::getConditions)
        .anyMatch(conditions -> Boolean.TRUE.equals(conditions.getReady()));
  }
}
