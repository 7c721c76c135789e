package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A change of the policy, good or bad, under load. */
@OnRealCluster
@ResourceLock(value = Installation.OPERATOR, mode = ResourceAccessMode.READ)
class EditsE2E {

  private static final String PATH = "/api/v1/orders/7";

  private static Installation installation;
  private static Orders orders;
  private static Orders neighbour;

  @BeforeAll
  static void deploy(Installation shared) {
    installation = shared;
    orders = Orders.enforced(shared, "edits-e2e");
    neighbour = Orders.enforced(shared, "edits-neighbour-e2e");
  }

  @AfterAll
  static void remove() {
    orders.close();
    neighbour.close();
  }

  @Test
  void anEditIsEnforcedByEveryReplicaWithoutALostRequest() {
    // Given
    var before = orders.pods().stream().map(EditsE2E::restarts).toList();
    var load = Load.on(installation, orders);

    for (var version : List.of("one", "two", "three")) {
      // When
      orders.applyPolicy(
          text ->
              text + "  headers:\n    response:\n      set:\n        x-policy: " + version + "\n");
      orders.awaitCondition("Programmed", "True");
      orders.awaitEnforced();

      // Then
      for (var pod : orders.pods()) {
        assertThat(orders.ask(pod, "call", PATH))
            .startsWith("HTTP 200")
            .contains("x-policy: " + version);
      }
    }

    load.stop().assertNothingLost();
    assertThat(orders.pods().stream().map(EditsE2E::restarts).toList()).isEqualTo(before);
  }

  @Test
  void aCallerThatIsTakenOutGetsNoFurtherRequestThrough() {
    // Given
    var load = Load.on(installation, orders);

    // When
    orders.applyPolicy(
        text ->
            text.replace(
                "namespace: callers\n          name: edge",
                "namespace: callers\n          name: stranger"));
    orders.awaitCondition("Programmed", "True");

    // Then
    assertThat(orders.call("edge", "call", PATH)).startsWith("HTTP 403");
    var reached = reached();
    assertThat(orders.call("stranger", "call", PATH)).startsWith("HTTP 200");
    orders.awaitEnforced();
    assertThat(orders.policy().getStatus().revocation().state()).isEqualTo("Done");
    assertThat(load.stop().statuses()).contains("200=", "403=");
    assertThat(reached()).isEqualTo(reached + 1);

    // When
    orders.applyPolicy(UnaryOperator.identity());

    // Then
    orders.awaitEnforced();
    assertThat(orders.call("edge", "call", PATH)).startsWith("HTTP 200");
  }

  @Test
  void aPolicyThatEnvoyRefusesChangesNothingAndSaysWhy() {
    // Given
    var untouched = neighbour.policy().getMetadata().getResourceVersion();

    // When
    annotate(Map.of("portcullis.dev/test-break", "listener"));

    // Then
    orders.awaitCondition("Programmed", "False");
    PolicyAssert.assertThat(orders.policy()).hasMessageContaining("Programmed", "listener");
    assertThat(orders.call("edge", "call", PATH)).startsWith("HTTP 200");
    assertThat(neighbour.policy().getMetadata().getResourceVersion()).isEqualTo(untouched);

    // When
    annotate(Map.of());

    // Then
    orders.awaitEnforced();
  }

  private static long reached() {
    return orders.seenByApplication().stream().filter(line -> line.contains(PATH)).count();
  }

  private static void annotate(Map<String, String> annotations) {
    installation
        .client()
        .resource(orders.policy())
        .edit(
            policy -> {
              policy.getMetadata().setAnnotations(annotations);
              return policy;
            });
  }

  private static String restarts(Pod pod) {
    return pod.getMetadata().getUid()
        + pod.getStatus().getContainerStatuses().stream().map(s -> s.getRestartCount()).toList()
        + pod.getStatus().getInitContainerStatuses().stream()
            .map(s -> s.getRestartCount())
            .toList();
  }
}
