package dev.portcullis.operator.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.everyfield.PolicyGenerator;
import dev.portcullis.operator.names.Labels;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A tenant whose policy becomes one generated one after the other, beside a neighbour who must not
 * notice. {@code -Dpolicies} says how many (default 60), {@code -Dseed} which.
 */
class GeneratedPoliciesIT {

  private static final int POLICIES = Integer.getInteger("policies", 60);
  private static final long SEED = Long.getLong("seed", 20_261_123);
  private static final Map<String, String> APP = Map.of("app", "orders");
  private static final String PREAMBLE =
      """
      apiVersion: portcullis.dev/v1alpha1
      kind: ApiBackendPolicy
      metadata: {name: orders}
      """;

  @TempDir Path home;

  private Scene neighbour;
  private Policies tenant;
  private Gated gate;

  @BeforeEach
  void startTwoTenants() throws Exception {
    Assumptions.assumeTrue(Sandbox.possible(), "SKIPPED: needs root, ip, unshare and nft");
    neighbour = Scene.start(Files.createDirectory(home.resolve("neighbour")));
    var labels = Map.of(Labels.INJECT, Labels.INJECT_ENABLED);
    var namespace = ApiServer.namespace(neighbour.admin, "tenant", labels);
    var kubelet = new Kubelet(neighbour.admin, namespace.getMetadata().getName());
    tenant = new Policies(neighbour.admin, kubelet.namespace());
    tenant.apply("/first");
    var pod = kubelet.create("orders-1", APP, "orders");
    gate = Gated.start(kubelet, pod, home.resolve("tenant"), neighbour.xdsPort());
    await().atMost(Scene.PATIENCE).until(() -> tenant.says("Enforced").equals("True/Enforced"));
  }

  @AfterEach
  void stop() {
    if (gate != null) {
      gate.close();
    }
    if (neighbour != null) {
      neighbour.close();
    }
  }

  @Test
  void whatIsAcceptedIsAcknowledgedAndTheNeighbourHearsNothing() throws Exception {
    var generator = new PolicyGenerator(SEED);
    var heard = neighbour.backend.envoy().configurationsReceived();
    var version = neighbour.policies.status().version();
    var outcomes = new TreeMap<String, Integer>();
    var pod = neighbour.kubelet.create("caller", Map.of("app", "caller"), "none");
    var caller = neighbour.caller(neighbour.kubelet.credentialBundle(pod));

    try (var load = new SteadyLoad(() -> caller.get("/first"));
        var held = new HeldThreads()) {
      for (var number = 0; number < POLICIES; number++) {
        outcomes.merge(outcomeOf(generator.next()), 1, Integer::sum);
      }
      System.out.printf(
          "MEASURED %d policies of seed %d: %s; a thread was held for %d ms at most; the neighbour"
              + " answered %d calls%n",
          POLICIES, SEED, outcomes, held.longest().toMillis(), load.answered());
      assertThat(load.failures()).isEmpty();
    }

    assertThat(outcomes).as("some pass, and some do not").containsKeys("Programmed", "refused");
    assertThat(neighbour.backend.envoy().configurationsReceived()).isEqualTo(heard);
    assertThat(neighbour.policies.status().version()).isEqualTo(version);
  }

  private String outcomeOf(JsonNode spec) {
    var generation = offer(spec);
    if (generation.isEmpty()) {
      return "refused";
    }
    await("a verdict on\n" + Serialization.asYaml(spec))
        .atMost(Scene.PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> !tenant.says("Accepted").equals("nothing"));
    if (!tenant.says("Accepted").startsWith("True")) {
      assertThat(tenant.message("Accepted")).as(Serialization.asYaml(spec)).isNotBlank();
      return tenant.says("Accepted");
    }
    await("an acknowledgement of\n" + Serialization.asYaml(spec))
        .atMost(Scene.PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .failFast(() -> assertThat(tenant.says("Programmed")).doesNotContain("Rejected"))
        .until(() -> tenant.says("Programmed").equals("True/Programmed"));
    return "Programmed";
  }

  /** The generation; empty when the API server refuses. */
  private Optional<Long> offer(JsonNode spec) {
    var document = Serialization.unmarshal(PREAMBLE, ObjectNode.class);
    document.set("spec", ofThisPod(spec));
    var serialization = neighbour.admin.getKubernetesSerialization();
    var policy = serialization.convertValue(document, GenericKubernetesResource.class);
    policy.getMetadata().setNamespace(tenant.namespace());
    while (true) {
      policy.getMetadata().setResourceVersion(tenant.resourceVersion());
      try {
        return Optional.of(neighbour.admin.resource(policy).update().getMetadata().getGeneration());
      } catch (KubernetesClientException refused) {
        assertThat(refused.getCode()).as(refused.getMessage()).isIn(400, 409, 422);
        if (refused.getCode() != HttpURLConnection.HTTP_CONFLICT) {
          return Optional.empty();
        }
      }
    }
  }

  /** So that a real sidecar has to take it. */
  private static JsonNode ofThisPod(JsonNode spec) {
    var ours = spec.deepCopy();
    if (ours instanceof ObjectNode fields && fields.has("selector")) {
      fields.putObject("selector").putObject("matchLabels").put("app", "orders");
    }
    return ours;
  }
}
