package dev.portcullis.e2e;

import static org.awaitility.Awaitility.await;

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
    var pod = orders.pods().getFirst().getMetadata().getName();

    // When
    exec(pod, "touch", "/tmp/unhealthy");

    // Then
    await().atMost(PATIENCE).until(() -> !isReadyEndpoint(pod));
    LimitsE2E.assertHardened("HTTP 503", callPod(pod));

    // When
    exec(pod, "rm", "/tmp/unhealthy");

    // Then
    await().atMost(PATIENCE).until(() -> isReadyEndpoint(pod));
    Assertions.assertThat(callPod(pod)).startsWith("HTTP 200");
  }

  private static String callPod(String pod) {
    var ip =
        installation
            .client()
            .pods()
            .inNamespace(orders.namespace())
            .withName(pod)
            .get()
            .getStatus()
            .getPodIP();
    return installation
        .user()
        .exec(
            "callers",
            "edge",
            "caller",
            "call",
            "--host",
            ip,
            "--server-identity",
            orders.identity(),
            "/api/v1/orders/7");
  }

  private static void exec(String pod, String... command) {
    installation.user().exec(orders.namespace(), pod, command);
  }

  private static boolean isReadyEndpoint(String pod) {
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
        .filter(endpoint -> endpoint.getTargetRef().getName().equals(pod))
        .map(Endpoint::getConditions)
        .anyMatch(conditions -> Boolean.TRUE.equals(conditions.getReady()));
  }
}
