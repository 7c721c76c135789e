package dev.portcullis.operator.whole;

import static java.net.HttpURLConnection.HTTP_CONFLICT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.everyfield.PolicyGenerator;
import dev.portcullis.operator.golden.GoldenFolder;
import dev.portcullis.operator.names.Labels;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A namespace with one pod behind a real Envoy, whose policy becomes one generated after another.
 */
final class GeneratedTenant implements AutoCloseable {

  static final String PROGRAMMED = "Programmed";
  static final String NOT_TAKEN = "refused by the API server";

  private static final int NO_ANSWER = -1;
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Map<String, String> APP = Map.of("app", "orders");
  private static final String PREAMBLE =
      """
      apiVersion: portcullis.dev/v1alpha1
      kind: ApiBackendPolicy
      metadata: {name: orders}
      """;

  private final KubernetesClient admin;
  private final Policies policies;
  private final Gated gate;
  private final PolicyGenerator generator;

  private GeneratedTenant(KubernetesClient admin, Kubelet kubelet, Gated gate, long seed) {
    this.admin = admin;
    this.policies = new Policies(admin, kubelet.namespace());
    this.gate = gate;
    this.generator = new PolicyGenerator(seed);
  }

  /** Returns when its first policy is enforced; it has all that the samples refer to. */
  static GeneratedTenant start(Scene scene, Path home, long seed) {
    var labels = Map.of(Labels.INJECT, Labels.INJECT_ENABLED);
    var namespace = ApiServer.namespace(scene.admin, "tenant", labels).getMetadata().getName();
    var kubelet = new Kubelet(scene.admin, namespace);
    referredTo(scene.admin, namespace);
    new Policies(scene.admin, namespace).apply("/first");
    var pod = kubelet.create("orders-1", APP, "orders");
    var gate = Gated.start(kubelet, pod, home, scene.xdsPort());
    var tenant = new GeneratedTenant(scene.admin, kubelet, gate, seed);
    await()
        .atMost(Scene.PATIENCE)
        .until(() -> tenant.policies.says("Enforced").equals("True/Enforced"));
    return tenant;
  }

  /** Secrets and ConfigMaps of the samples; those of one name become one. */
  private static void referredTo(KubernetesClient admin, String namespace) {
    GoldenFolder.casesOf("translation")
        .filter(folder -> !Files.exists(folder.path().resolve("problems.yaml")))
        .forEach(
            folder ->
                inputs(folder)
                    .forEach(
                        object -> {
                          object.getMetadata().setNamespace(namespace);
                          admin
                              .resource(object)
                              .fieldManager(folder.toString())
                              .forceConflicts()
                              .serverSideApply();
                        }));
  }

  private static Stream<HasMetadata> inputs(GoldenFolder folder) {
    return folder.inputs().stream()
        .map(name -> Serialization.<HasMetadata>unmarshal(folder.read(name)))
        .filter(object -> object instanceof Secret || object instanceof ConfigMap);
  }

  /** Offers so many policies, waits for what becomes of each, and counts. */
  SortedMap<String, Integer> offer(int count) {
    var outcomes = new TreeMap<String, Integer>();
    for (var number = 0; number < count; number++) {
      var spec = generator.next();
      var outcome = outcomeOf(ofThisPod(spec));
      if (outcome.equals(PROGRAMMED)) {
        generator.accepted(spec);
      }
      outcomes.merge(outcome, 1, Integer::sum);
    }
    return outcomes;
  }

  private String outcomeOf(JsonNode spec) {
    if (!isTaken(spec)) {
      return NOT_TAKEN;
    }
    await("a verdict on\n" + Serialization.asYaml(spec))
        .atMost(Scene.PATIENCE)
        .pollInterval(LOOK)
        .until(() -> !policies.says("Accepted").equals("nothing"));
    if (!policies.says("Accepted").startsWith("True")) {
      assertThat(policies.message("Accepted")).as(Serialization.asYaml(spec)).isNotBlank();
      return policies.says("Accepted");
    }
    await("an acknowledgement of\n" + Serialization.asYaml(spec))
        .atMost(Scene.PATIENCE)
        .pollInterval(LOOK)
        .failFast(
            () ->
                assertThat(policies.says(PROGRAMMED))
                    .as("%s\n%s", policies.message(PROGRAMMED), Serialization.asYaml(spec))
                    .doesNotContain("Rejected"))
        .until(() -> policies.says(PROGRAMMED).equals("True/Programmed"));
    return PROGRAMMED;
  }

  private boolean isTaken(JsonNode spec) {
    var document = Serialization.unmarshal(PREAMBLE, ObjectNode.class);
    document.set("spec", spec);
    var policy =
        admin.getKubernetesSerialization().convertValue(document, GenericKubernetesResource.class);
    policy.getMetadata().setNamespace(policies.namespace());
    while (true) {
      policy.getMetadata().setResourceVersion(policies.resourceVersion());
      try {
        admin.resource(policy).update();
        return true;
      } catch (KubernetesClientException refused) {
        assertThat(refused.getCode()).as(refused.getMessage()).isIn(NO_ANSWER, 400, 409, 422);
        if (refused.getCode() != NO_ANSWER && refused.getCode() != HTTP_CONFLICT) {
          return false;
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

  @Override
  public void close() {
    gate.close();
  }
}
