package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A backend that calls another one through a port of its pod's loopback. */
@OnRealCluster
@ResourceLock(value = Installation.OPERATOR, mode = ResourceAccessMode.READ)
class CallsE2E {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String SHOP = "calls-e2e-shop";
  private static final String BANK = "calls-e2e-bank";

  /** What an application in plain Java, Python or shell would do. */
  private static final String REQUEST =
      """
      exec 3<>/dev/tcp/127.0.0.1/9001
      printf 'GET /api/v1/orders/7 HTTP/1.1\\r\\nHost: bank\\r\\nx-portcullis-caller: king\\r\\nConnection: close\\r\\n\\r\\n' >&3
      cat <&3
      """;

  private static final String CALLS =
      "  egress: {calls: [{name: bank, localPort: 9001, backend: {namespace: calls-e2e-bank, name: orders}}]}\n";

  private static Installation installation;
  private static Orders shop;
  private static Orders bank;

  @BeforeAll
  static void deploy(Installation shared) {
    installation = shared;
    bank = Orders.enforced(shared, BANK);
    shop = Orders.enforced(shared, SHOP);
  }

  @AfterAll
  static void remove() {
    shop.close();
    bank.close();
  }

  @Test
  void theApplicationCallsItInPlainTextAndItsPodIsTheCaller() {
    // When a backend is called that does not know the caller's namespace
    shop.applyPolicy(policy -> policy + CALLS);
    shop.awaitEnforced();

    // Then
    shop.awaitCondition("CallsReady", "False");
    awaitAnswer("HTTP/1.1 503", "\"call\":\"bank\"");

    // When it knows it
    bankKnows("orders");

    // Then
    shop.awaitCondition("CallsReady", "True");
    awaitAnswer(
        "HTTP/1.1 200",
        "\"X-portcullis-caller\":\"spiffe://cluster.local/ns/" + SHOP + "/sa/orders\"");

    // When it knows somebody else there
    bankKnows("somebody-else");

    // Then its own gate refuses
    awaitAnswer("HTTP/1.1 403", "requestId");
  }

  private static void bankKnows(String account) {
    var caller =
        "  callers:\n    - {name: shop, serviceAccounts: [{namespace: %s, name: %s}]}\n"
            .formatted(SHOP, account);
    bank.applyPolicy(policy -> policy.replace("  callers:\n", caller));
    bank.awaitEnforced();
  }

  private static void awaitAnswer(String... parts) {
    await(parts[0]).atMost(PATIENCE).untilAsserted(() -> assertThat(answer()).contains(parts));
  }

  private static String answer() {
    var pod = shop.pods().getFirst().getMetadata().getName();
    return installation.user().exec(SHOP, pod, "bash", "-c", REQUEST);
  }
}
