package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The root is replaced under load, while all other classes do to the cluster what they do. It waits
 * for the kubelet's own renewals, as {@link RenewalE2E} does.
 */
@OnRealCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RotationE2E {

  private static final Duration PATIENCE = Duration.ofMinutes(20);
  private static final String PATH = "/api/v1/orders/7";

  private static Installation installation;
  private static Authority authority;
  private static Orders orders;
  private static String replaced;

  @BeforeAll
  static void deploy(Installation shared) {
    installation = shared;
    authority = new Authority(shared);
    orders = Orders.enforced(shared, "rotation-e2e");
  }

  @AfterAll
  static void remove() {
    orders.close();
  }

  @Test
  @Order(1)
  void aNewRootTakesOverWithoutALostRequestOrConnection() {
    // Given
    assertThat(authority.report()).containsEntry("phase", "Steady");
    replaced = authority.generation();
    var load = Load.on(installation, orders);

    // When
    authority.ask("portcullis.dev/rotate-root", Instant.now().toString());
    authority.await("phase", "Retiring");
    Progress.say("the new CA signs");

    // Then
    assertThat(authority.generation()).isNotEqualTo(replaced);
    var ofTheOldRoot = certificates();
    await("renewed certificates")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(5))
        .until(() -> certificates().stream().noneMatch(ofTheOldRoot::contains) && nobodyServes());
    var outcome = load.stop();
    outcome.assertNothingLost();
    assertThat(outcome.connections()).as(outcome.line()).isEqualTo(4);
  }

  /** Certificates of the old root are valid still, so whoever called with one must call anew. */
  @Test
  @Order(2)
  @ResourceLock(Installation.CONNECTIONS)
  void theOldRootIsRetiredByOrderWithoutALostRequest() {
    // Given
    var load = Load.on(installation, orders);

    // When
    authority.ask("portcullis.dev/retire-now", replaced);
    authority.await("phase", "Steady");
    authority.await("replaced", "none");

    // Then
    for (var pod : orders.pods()) {
      assertThat(orders.ask(pod, "call", PATH)).startsWith("HTTP 200");
    }
    orders.awaitEnforced();
    load.stop().assertNothingLost();
  }

  /** Serial numbers: what each gate shows on a new connection, and what the caller holds. */
  private static List<String> certificates() {
    var serials = new ArrayList<String>();
    orders.pods().forEach(pod -> serials.add(orders.ask(pod, "certificate")));
    serials.add(installation.certificateOfEdge("-serial"));
    return serials;
  }

  /** Other classes' pods too: retiring at once cuts whoever still holds the old certificate. */
  private static boolean nobodyServes() {
    return !authority
        .report()
        .get("stragglers")
        .contains("serves with a certificate of the replaced CA");
  }
}
