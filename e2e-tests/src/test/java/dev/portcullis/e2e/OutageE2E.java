package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Traffic does not notice that the operator, or one of its replicas, is gone, nor that it is back.
 */
@OnRealCluster
@ResourceLock(Installation.OPERATOR)
class OutageE2E {

  private static final Duration OUTAGE = Duration.ofMinutes(1);

  private static Installation installation;
  private static Operators operators;
  private static Orders orders;

  @BeforeAll
  static void deploy(Installation shared) {
    installation = shared;
    operators = new Operators(shared);
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
    operators.scale(0);
    operators.pods().forEach(operators::kill);
    var gone = System.nanoTime();
    await().atMost(Duration.ofMinutes(1)).until(() -> operators.pods().isEmpty());
    await().atMost(OUTAGE.multipliedBy(2)).until(() -> System.nanoTime() - gone > OUTAGE.toNanos());
    operators.scale(Installation.REPLICAS);

    // Then
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> operators.metric("portcullis_xds_streams") >= orders.pods().size());
    load.stop().assertNothingLost();
    assertThat(operators.metric("portcullis_xds_pushes_total")).isZero();
    orders.awaitEnforced();
  }

  @Test
  void theOtherReplicaTakesOverFromALostLeader() {
    // Given
    await().atMost(Duration.ofMinutes(3)).until(() -> operators.ready() == Installation.REPLICAS);
    var lost = operators.leader();
    var survivors =
        operators.pods().stream().filter(pod -> !pod.getMetadata().getName().equals(lost)).toList();
    var pushed = pushes(survivors);
    var untouched = orders.policy().getMetadata().getResourceVersion();
    var load = Load.on(installation, orders);

    // When
    operators.pods().stream()
        .filter(pod -> pod.getMetadata().getName().equals(lost))
        .forEach(operators::kill);

    // Then
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> survivors.stream().anyMatch(pod -> leads(pod)));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> operators.metric("portcullis_xds_streams") >= orders.pods().size());
    assertThat(pushes(survivors)).isEqualTo(pushed);
    assertThat(orders.policy().getMetadata().getResourceVersion()).isEqualTo(untouched);

    // When
    orders.applyPolicy(text -> text + "  headers: {response: {set: {x-policy: new}}}\n");

    // Then
    orders.awaitEnforced();
    load.stop().assertNothingLost();
  }

  private static boolean leads(Pod pod) {
    return pod.getMetadata().getName().equals(operators.leader());
  }

  private static double pushes(List<Pod> replicas) {
    return replicas.stream()
        .mapToDouble(pod -> operators.metric(pod, "portcullis_xds_pushes_total"))
        .sum();
  }
}
