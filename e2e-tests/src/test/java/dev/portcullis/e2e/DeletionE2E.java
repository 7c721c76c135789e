package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A deleted policy opens nothing: pods that run with a sidecar refuse every caller until they are
 * recreated.
 */
@OnRealCluster
@ResourceLock(value = Installation.OPERATOR, mode = ResourceAccessMode.READ)
class DeletionE2E {

  private static Installation installation;
  private static Orders orders;

  @BeforeAll
  static void deploy(Installation shared) {
    installation = shared;
    orders = Orders.enforced(shared, "deletion-e2e");
  }

  @AfterAll
  static void remove() {
    orders.close();
  }

  @Test
  void runningPodsRefuseEveryone() {
    // Given
    var application = "http://" + orders.pods().getFirst().getStatus().getPodIP() + ":8080/";
    assertThat(orders.call("edge", "call", "/api/v1/orders/7")).startsWith("HTTP 200");

    // When
    installation.client().resource(orders.policy()).delete();

    // Then
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> !orders.call("edge", "call", "/api/v1/orders/7").startsWith("HTTP 200"));
    assertThat(installation.user().exec("callers", "edge", "curl", "-sS", "-m", "5", application))
        .startsWith("curl: ");
  }
}
