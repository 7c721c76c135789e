package dev.portcullis.operator.whole;

import static dev.portcullis.operator.whole.GeneratedTenant.NOT_TAKEN;
import static dev.portcullis.operator.whole.GeneratedTenant.PROGRAMMED;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tenants whose policies become generated ones, beside a neighbour who must not notice. {@code
 * -Dpolicies} says how many in all, {@code -Dtenants} of how many tenants at once, {@code -Dseed}
 * which.
 */
class GeneratedPoliciesIT {

  private static final int POLICIES = Integer.getInteger("policies", 60);
  private static final int TENANTS = Integer.getInteger("tenants", 2);
  private static final long SEED = Long.getLong("seed", 20_261_123);
  private static final Duration LONGEST_HELD = Duration.ofSeconds(1);

  @TempDir Path home;

  private Scene neighbour;
  private final List<GeneratedTenant> tenants = new ArrayList<>();

  @BeforeEach
  void startTenants() throws Exception {
    Assumptions.assumeTrue(Sandbox.possible(), "SKIPPED: needs root, ip, unshare and nft");
    neighbour = Scene.start(Files.createDirectory(home.resolve("neighbour")));
    for (var number = 0; number < TENANTS; number++) {
      tenants.add(
          GeneratedTenant.start(neighbour, home.resolve("tenant-" + number), SEED + number));
    }
  }

  @AfterEach
  void stop() {
    tenants.forEach(GeneratedTenant::close);
    if (neighbour != null) {
      neighbour.close();
    }
  }

  @Test
  void whatIsAcceptedIsAcknowledgedAndTheNeighbourHearsNothing() throws Exception {
    var pod = neighbour.kubelet.create("caller", Map.of("app", "caller"), "none");
    var caller = neighbour.caller(neighbour.kubelet.credentialBundle(pod));
    var before = ofTheNeighbour();
    var began = System.nanoTime();

    try (var load = new SteadyLoad(() -> caller.getAgain("/first"));
        var held = new HeldThreads()) {
      var outcomes = offerAll();
      System.out.printf(
          "MEASURED %d policies of %d tenants, seed %d, in %d s: %s; a round took %d ms of the"
              + " processor at most; the neighbour answered %d calls%n",
          POLICIES,
          TENANTS,
          SEED,
          Duration.ofNanos(System.nanoTime() - began).toSeconds(),
          outcomes,
          held.longest().toMillis(),
          load.answered());

      assertThat(load.failures()).isEmpty();
      assertThat(load.answered()).isPositive();
      assertThat(held.longest()).isLessThan(LONGEST_HELD);
      assertThat(outcomes).containsKeys(PROGRAMMED, NOT_TAKEN);
      assertThat(outcomes.get(PROGRAMMED))
          .as("a test of refusals says little of Envoy: %s", outcomes)
          .isGreaterThan(POLICIES / 3);
    }
    assertThat(ofTheNeighbour()).isEqualTo(before);
  }

  private SortedMap<String, Integer> offerAll() throws Exception {
    var outcomes = new TreeMap<String, Integer>();
    try (var threads = Executors.newFixedThreadPool(TENANTS)) {
      var all = new ArrayList<Future<SortedMap<String, Integer>>>();
      for (var tenant : tenants) {
        all.add(threads.submit(() -> tenant.offer(POLICIES / TENANTS)));
      }
      for (var each : all) {
        each.get().forEach((outcome, count) -> outcomes.merge(outcome, count, Integer::sum));
      }
    }
    return outcomes;
  }

  /** What its proxy heard, what its policy says, and its objects as they are. */
  private List<Object> ofTheNeighbour() {
    var namespace = neighbour.kubelet.namespace();
    var firewall =
        neighbour.admin.network().v1().networkPolicies().inNamespace(namespace).list().getItems();
    return List.of(
        neighbour.backend.envoy().configurationsReceived(),
        neighbour.policies.status().version(),
        firewall.stream().map(GeneratedPoliciesIT::written).toList());
  }

  private static String written(HasMetadata object) {
    return object.getMetadata().getName() + "@" + object.getMetadata().getResourceVersion();
  }
}
