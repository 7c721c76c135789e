package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The plugin with kubectl alone, as its page says: it runs in a pod of its own. */
@OnRealCluster
@ResourceLock(value = Installation.OPERATOR, mode = ResourceAccessMode.READ)
class PluginE2E {

  private static final String PATH = "/api/v1/orders/7";

  private static Installation installation;
  private static Orders orders;

  @BeforeAll
  static void deploy(Installation shared) {
    installation = shared;
    orders = Orders.enforced(shared, "plugin-e2e");
  }

  @AfterAll
  static void remove() {
    orders.close();
  }

  @Test
  void whatTheGateDeniedIsExplained() {
    // Given
    var id =
        orders
            .call("stranger", "call", PATH)
            .lines()
            .filter(line -> line.startsWith("x-portcullis-denial: "))
            .map(line -> line.split(" ")[1])
            .findFirst()
            .orElseThrow();

    // Then
    await("the line of the refusal, which Envoy writes some seconds later")
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                assertThat(installation.plugin("explain", id, "-n", orders.namespace()))
                    .startsWith("policy      " + orders.namespace() + "/orders, generation 1")
                    .contains(
                        "layer       callers",
                        "refused     by generation 1 of " + orders.namespace() + "/orders: at "));
    assertNothingIsLeft();
  }

  @Test
  void whatWouldPassDoes() {
    // When
    var forecast =
        installation.plugin(
            "would", "GET", PATH, "--from", "callers/edge", "-n", orders.namespace());

    // Then
    assertThat(forecast).startsWith("passes by route ");
    assertThat(orders.call("edge", "call", PATH)).startsWith("HTTP 200");
    assertNothingIsLeft();
  }

  private static void assertNothingIsLeft() {
    assertThat(installation.client().pods().inNamespace(orders.namespace()).list().getItems())
        .noneMatch(pod -> pod.getMetadata().getName().startsWith("portcullis-plugin"));
  }
}
