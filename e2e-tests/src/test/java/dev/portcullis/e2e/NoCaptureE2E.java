package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A namespace that grants no capability: nothing redirects, so the application itself must hide.
 */
@OnRealCluster
@ResourceLock(value = Installation.OPERATOR, mode = ResourceAccessMode.READ)
@TestMethodOrder(OrderAnnotation.class)
class NoCaptureE2E {

  private static final String PATH = "/api/v1/orders/7";

  private static Installation installation;
  private static Orders orders;

  @BeforeAll
  static void deploy(Installation shared) {
    installation = shared;
    orders =
        Orders.in(
            shared, "nocapture-e2e", Map.of("pod-security.kubernetes.io/enforce", "restricted"));
    orders.applyPolicy(text -> text + "  hardening: {capture: None}\n");
    orders.applyApi(text -> listeningOn(text, "127.0.0.1"));
    orders.awaitPods(2);
    orders.awaitEnforced();
    orders.awaitRouted();
  }

  @AfterAll
  static void remove() {
    orders.close();
  }

  @Test
  @Order(1)
  void anAllowedCallerGetsThroughAndAnotherDoesNot() {
    assertThat(orders.call("edge", "call", PATH))
        .startsWith("HTTP 200")
        .contains("\"X-portcullis-caller\":\"spiffe://cluster.local/ns/callers/sa/edge\"");
    assertThat(orders.call("stranger", "call", PATH)).startsWith("HTTP 403");
    assertThat(orders.call("edge", "call", "--anonymous", PATH)).startsWith("refused");
  }

  @Test
  @Order(2)
  void theApplicationIsOutOfReachAndYetProbed() {
    for (var pod : orders.pods()) {
      assertThat(applicationOf(pod)).startsWith("curl: ");
      assertThat(pod.getStatus().getContainerStatuses())
          .allMatch(container -> container.getReady() && container.getRestartCount() == 0);
    }
  }

  /** Last: it leaves the application open. */
  @Test
  @Order(3)
  void anApplicationThatCanBeReachedIsNotCalledEnforced() {
    // Given
    var hidden = names(orders.pods());

    // When
    orders.applyApi(text -> listeningOn(text, "0.0.0.0"));

    // Then
    await("replaced pods")
        .atMost(Duration.ofMinutes(3))
        .until(() -> names(orders.pods()).stream().noneMatch(hidden::contains));
    orders.awaitPods(2);
    orders.awaitCondition("Enforced", "False");
    await("what falls short")
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                PolicyAssert.assertThat(orders.policy())
                    .hasShortfalls("AppPortOpen", names(orders.pods())));
  }

  private static String listeningOn(String api, String address) {
    return api.replace("SampleApi]", "SampleApi, \"8080\", %s]".formatted(address));
  }

  private static List<String> names(List<Pod> pods) {
    return pods.stream().map(pod -> pod.getMetadata().getName()).toList();
  }

  private static String applicationOf(Pod pod) {
    return installation
        .user()
        .exec(
            "callers",
            "edge",
            "curl",
            "-sS",
            "-m",
            "5",
            "http://" + pod.getStatus().getPodIP() + ":8080" + PATH);
  }
}
