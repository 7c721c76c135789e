package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** HTTP/3 is switched on and off before pods that run: none is recreated. */
@OnRealCluster
@ResourceLock(value = Installation.OPERATOR, mode = ResourceAccessMode.READ)
class Http3E2E {

  private static final String PATH = "/api/v1/orders/7";

  /** A version that nobody has, two ids of eight bytes, and padding: a server names its own. */
  private static final String ASK =
      "exec 3<>/dev/udp/%s/8443;"
          + " { printf '\\xc0\\x1a\\x2a\\x3a\\x4a\\x0812345678\\x0887654321';"
          + " head -c 1200 /dev/zero; } | head -c 1200 | dd bs=1200 iflag=fullblock status=none >&3;"
          + " timeout 3 dd bs=1500 count=1 status=none <&3 | od -An -tx1 | head -n 1";

  private static Installation installation;
  private static Orders orders;

  @BeforeAll
  static void deploy(Installation shared) {
    installation = shared;
    orders = Orders.enforced(shared, "http3-e2e");
  }

  @AfterAll
  static void remove() {
    orders.close();
  }

  @Test
  void eachPodAnswersOverQuicWhileThePolicySaysSo() {
    // Given
    var pods = orders.pods();
    for (var pod : pods) {
      assertThat(askedOverUdp(pod.getStatus().getPodIP())).doesNotContain("00 00 00 00");
    }

    // When
    orders.applyPolicy(
        text -> text.replace("port: 8443", "port: 8443\n    http3: {advertisedPort: 443}"));
    orders.awaitEnforced();

    // Then
    assertThat(orders.call("edge", "call", PATH))
        .startsWith("HTTP 200")
        .contains("alt-svc: h3=\":443\"");
    for (var pod : pods) {
      assertThat(askedOverUdp(pod.getStatus().getPodIP()))
          .as("a negotiation of versions with the ids exchanged")
          .matches("(?s) .. 00 00 00 00 08 38 37 .*");
    }
    assertThat(orders.pods())
        .extracting(pod -> pod.getMetadata().getUid())
        .containsExactlyInAnyOrderElementsOf(
            pods.stream().map(pod -> pod.getMetadata().getUid()).toList());
  }

  private static String askedOverUdp(String address) {
    return installation.user().exec("callers", "edge", "bash", "-c", ASK.formatted(address));
  }
}
