package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.portcullis.api.v1alpha1.ShadowStatus;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A policy is tried on real traffic, read from its status, and then enforced. */
@OnRealCluster
@ResourceLock(value = Installation.OPERATOR, mode = ResourceAccessMode.READ)
class ShadowE2E {

  private static final String PATH = "/api/v1/orders/7";
  private static final int CALLS = 4;

  private static Orders orders;

  @BeforeAll
  static void deploy(Installation installation) {
    orders = Orders.in(installation, "shadow-e2e", Map.of());
    orders.applyPolicy(text -> text + "  mode: Shadow\n");
    orders.applyApi(UnaryOperator.identity());
    orders.awaitPods(2);
    orders.awaitCondition("Programmed", "True");
    orders.awaitRouted();
  }

  @AfterAll
  static void remove() {
    orders.close();
  }

  @Test
  void whatWouldBeDeniedIsCountedOverAllPodsAndDeniedOnceItIsEnforced() {
    // Given
    orders.awaitCondition("Enforced", "False");
    var pods = orders.pods();

    // When
    for (var call = 0; call < CALLS; call++) {
      assertThat(orders.ask("stranger", pods.get(call % pods.size()), "call", PATH))
          .startsWith("HTTP 200")
          .doesNotContain("x-portcullis-denial");
    }

    // Then
    await("counts in the status")
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                assertThat(orders.policy().getStatus().shadow().rules())
                    .extracting(ShadowStatus.Rule::rule, ShadowStatus.Rule::requests)
                    .contains(tuple("callers", (long) CALLS)));

    // When
    orders.applyPolicy(UnaryOperator.identity());
    orders.awaitEnforced();

    // Then
    assertThat(orders.call("stranger", "call", PATH)).startsWith("HTTP 403");
    assertThat(orders.call("edge", "call", PATH)).startsWith("HTTP 200");
    assertThat(orders.policy().getStatus().shadow()).isNull();
  }
}
