package dev.portcullis.operator.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portcullis.operator.apiserver.ApiServer;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The CRD is newer than the operator, as after a downgrade or in the middle of an upgrade: one
 * object holds what the operator does not know.
 */
class PolicyOfANewerSchemaIT {

  private static final String NEWER = "Ambient";

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Map<String, String> ALONE =
      Map.of(
          "portcullis.xds.canary-grace",
          "100ms",
          "portcullis.xds.port",
          "0",
          "portcullis.xds.canary-port",
          "0");

  private final KubernetesClient admin = ApiServer.admin();
  private Replica operator;
  private Policies ours;
  private Policies newer;

  @BeforeEach
  void startBesideAPolicyOfOurs() throws InterruptedException {
    WholeOperatorIT.prepareCluster(admin);
    know(NEWER);
    ours = new Policies(admin, ApiServer.namespace(admin, "ours").getMetadata().getName());
    newer = new Policies(admin, ApiServer.namespace(admin, "newer").getMetadata().getName());
    ours.apply("/first");
    operator = Replica.start("older", ALONE);
    awaitSays(ours, "True/Accepted");
  }

  @AfterEach
  void stop() {
    operator.close();
    newer.delete();
    WholeOperatorIT.prepareCluster(admin);
    admin.close();
  }

  @Test
  void isToldAndTheOthersGoOn() {
    // When
    applyTheNewer();

    // Then
    awaitSays(newer, "False/Unreadable");
    assertThat(newer.message("Accepted")).contains("spec.hardening.capture", NEWER);
    assertThat(operator.registry().get("portcullis.policies.unreadable").gauge().value())
        .isEqualTo(1);
    await().atMost(PATIENCE).until(() -> newer.hasEvent("Unreadable"));
    theOthersGoOn("/second");
    assertThat(newer.says("Accepted")).isEqualTo("False/Unreadable");
  }

  @Test
  void isToldByAnOperatorThatFindsItAtItsStart() throws InterruptedException {
    // Given
    operator.close();
    applyTheNewer();

    // When
    operator = Replica.start("older-again", ALONE);

    // Then
    awaitSays(newer, "False/Unreadable");
    theOthersGoOn("/third");
  }

  @Test
  void isReadAgainOnceItHoldsNothingUnknown() {
    // Given
    applyTheNewer();
    awaitSays(newer, "False/Unreadable");

    // When
    newer.applyCaptured("Redirect");

    // Then
    awaitSays(newer, "True/Accepted");
    assertThat(operator.registry().get("portcullis.policies.unreadable").gauge().value()).isZero();
  }

  /** The API server takes a moment to know of a changed schema. */
  private void applyTheNewer() {
    await().atMost(PATIENCE).ignoreExceptions().until(() -> newer.applyCaptured(NEWER) > 0);
  }

  private void theOthersGoOn(String path) {
    var generation = ours.apply(path);
    await().atMost(PATIENCE).until(() -> ours.status().observedGeneration() == generation);
    assertThat(ours.says("Accepted")).isEqualTo("True/Accepted");
  }

  private static void awaitSays(Policies policies, String wanted) {
    await().atMost(PATIENCE).until(() -> policies.says("Accepted").equals(wanted));
  }

  /** Lets the schema allow one more way of capture. */
  private void know(String capture) {
    var name = "apibackendpolicies.portcullis.dev";
    var definitions = admin.resources(CustomResourceDefinition.class).withName(name);
    definitions.edit(
        crd -> {
          captureOf(crd)
              .getEnum()
              .add(admin.getKubernetesSerialization().convertValue(capture, JsonNode.class));
          return crd;
        });
  }

  private static JSONSchemaProps captureOf(CustomResourceDefinition crd) {
    return crd.getSpec()
        .getVersions()
        .getFirst()
        .getSchema()
        .getOpenAPIV3Schema()
        .getProperties()
        .get("spec")
        .getProperties()
        .get("hardening")
        .getProperties()
        .get("capture");
  }
}
