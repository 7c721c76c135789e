package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** One count for all pods, in the store that the chart installs. */
@OnRealCluster
@ResourceLock(value = Installation.OPERATOR, mode = ResourceAccessMode.READ)
@TestMethodOrder(OrderAnnotation.class)
class FleetRatesE2E {

  private static final String PATH = "/api/v1/orders/7";
  private static final String OF_THE_DEMONSTRATION =
      """
                requests: 50
                interval: 1s
                burst: 20
      """;
  private static final String OF_ALL_PODS =
      """
                requests: 10
                interval: 1h
                scope: Fleet
      """;

  private static Installation installation;
  private static Orders orders;

  @BeforeAll
  static void deploy(Installation shared) {
    installation = shared;
    orders = Orders.in(shared, "fleet-e2e", Map.of());
    orders.applyPolicy(text -> text.replace(OF_THE_DEMONSTRATION, OF_ALL_PODS));
    orders.applyApi(UnaryOperator.identity());
    orders.awaitPods(2);
    orders.awaitEnforced();
  }

  @AfterAll
  static void remove() {
    orders.close();
  }

  @Test
  @Order(1)
  void whatOnePodLetThroughIsMissingAtTheOther() {
    var pods = orders.pods();

    assertThat(answers(pods.getFirst(), 7)).containsOnly("200");
    assertThat(answers(pods.getLast(), 7))
        .containsExactly("200", "200", "200", "429", "429", "429", "429");
    assertThat(answers(pods.getFirst(), 1)).containsExactly("429");
  }

  @Test
  @Order(2)
  void withoutTheStoreNobodyPasses() {
    // When
    scaleStore(0);

    // Then
    try {
      await("a refusal for want of a store")
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(
              () ->
                  assertThat(orders.ask(orders.pods().getFirst(), "call", PATH))
                      .startsWith("HTTP 503")
                      .contains("x-portcullis-denial: store-"));
    } finally {
      scaleStore(1);
    }

    // Then it counts anew
    await("answers of the new store")
        .atMost(Duration.ofMinutes(2))
        .until(() -> answers(orders.pods().getFirst(), 1).equals(List.of("200")));
  }

  private static void scaleStore(int replicas) {
    installation
        .client()
        .apps()
        .deployments()
        .inNamespace(Installation.NAMESPACE)
        .withName("portcullis-rate-limit-store")
        .scale(replicas);
  }

  private static List<String> answers(Pod pod, int calls) {
    var arguments = new ArrayList<>(List.of("--status-only"));
    arguments.addAll(Collections.nCopies(calls, PATH));
    return orders
        .ask(pod, "call", arguments.toArray(String[]::new))
        .lines()
        .map(line -> line.split(" ")[0])
        .toList();
  }
}
