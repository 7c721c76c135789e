package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The root is replaced under load, while all other classes do to the cluster what they do. It waits
 * for the kubelet's own renewals, as {@link RenewalE2E} does.
 */
@OnRealCluster
class RotationE2E {

  private static final Duration PATIENCE = Duration.ofMinutes(20);
  private static final String CONFIG_MAP = "portcullis-ca";
  private static final String PATH = "/api/v1/orders/7";

  private static Installation installation;
  private static Orders orders;

  @BeforeAll
  static void deploy(Installation shared) {
    installation = shared;
    orders = Orders.enforced(shared, "rotation-e2e");
  }

  @AfterAll
  static void remove() {
    orders.close();
  }

  @Test
  void aNewRootTakesOverWithoutALostRequestOrConnection() {
    // Given
    assertThat(report()).containsEntry("phase", "Steady");
    var replaced = generation(report().get("current"));
    var load = Load.on(installation, orders);

    // When
    ask("portcullis.dev/rotate-root", Instant.now().toString());
    awaitReport("phase", "Retiring");
    Progress.say("the new CA signs");

    // Then
    assertThat(generation(report().get("current"))).isNotEqualTo(replaced);
    var ofTheOldRoot = certificates();
    await("renewed certificates")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(5))
        .until(() -> certificates().stream().noneMatch(ofTheOldRoot::contains) && nobodyServes());

    // When
    ask("portcullis.dev/retire-now", replaced);
    awaitReport("phase", "Steady");
    awaitReport("replaced", "none");

    // Then
    for (var pod : orders.pods()) {
      assertThat(orders.ask(pod, "call", PATH)).startsWith("HTTP 200");
    }
    var outcome = load.stop();
    outcome.assertNothingLost();
    assertThat(outcome.connections()).as(outcome.line()).isEqualTo(4);
    orders.awaitEnforced();
  }

  /** Serial numbers: what each gate shows on a new connection, and what the caller holds. */
  private static List<String> certificates() {
    var serials = new ArrayList<String>();
    orders.pods().forEach(pod -> serials.add(orders.ask(pod, "certificate")));
    serials.add(
        installation
            .user()
            .exec(
                "callers",
                "edge",
                "openssl",
                "x509",
                "-noout",
                "-serial",
                "-in",
                "/var/run/identity/credentialbundle.pem"));
    return serials;
  }

  /** Other classes' pods too: retiring at once cuts whoever still holds the old certificate. */
  private static boolean nobodyServes() {
    return !report().get("stragglers").contains("serves with a certificate of the replaced CA");
  }

  /** Of a line such as {@code generation 2, issuing CA ends ...}. */
  private static String generation(String line) {
    return line.replaceFirst("generation (\\d+),.*", "$1");
  }

  private static void ask(String annotation, String value) {
    installation
        .client()
        .configMaps()
        .inNamespace(Installation.NAMESPACE)
        .withName(CONFIG_MAP)
        .edit(
            map -> {
              map.getMetadata().getAnnotations().put(annotation, value);
              return map;
            });
  }

  private static void awaitReport(String key, String value) {
    await(key + "=" + value)
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(report()).containsEntry(key, value));
  }

  private static Map<String, String> report() {
    return installation
        .client()
        .configMaps()
        .inNamespace(Installation.NAMESPACE)
        .withName(CONFIG_MAP)
        .get()
        .getData();
  }
}
