package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Certificates are renewed under load. The tests' installation refreshes as soon as Kubernetes
 * allows, minutes after issue; this class runs beside all others meanwhile.
 */
@OnRealCluster
@ResourceLock(value = Installation.CONNECTIONS, mode = ResourceAccessMode.READ)
class RenewalE2E {

  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private static Installation installation;
  private static Orders orders;

  @BeforeAll
  static void deploy(Installation shared) {
    installation = shared;
    orders = Orders.enforced(shared, "renewal-e2e");
  }

  @AfterAll
  static void remove() {
    orders.close();
  }

  @Test
  void aLeafIsRenewedWithoutALostRequestOrConnection() {
    // Given
    var before = servedSerials();
    var load = Load.on(installation, orders);

    // When
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(5))
        .until(
            () ->
                servedSerials().entrySet().stream()
                    .noneMatch(e -> e.getValue().equals(before.get(e.getKey()))));

    // Then
    var outcome = load.stop();
    outcome.assertNothingLost();
    assertThat(outcome.connections()).as(outcome.line()).isEqualTo(4);
  }

  /** What each pod proves on a new connection. */
  private static Map<String, String> servedSerials() {
    return orders.pods().stream()
        .collect(
            Collectors.toMap(
                pod -> pod.getMetadata().getName(), pod -> orders.ask(pod, "certificate")));
  }
}
