package dev.portcullis.operator.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An OpenAPI document in a ConfigMap, from its first edit to its end, before a real Envoy. */
class DocumentedPolicyIT {

  private static final String MAP = "orders-openapi";

  @TempDir private Path home;
  private Scene scene;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    Assumptions.assumeTrue(Sandbox.possible(), "SKIPPED: needs root, ip, unshare and nft");
    scene = Scene.start(home);
  }

  @AfterEach
  void stop() {
    if (scene != null) {
      scene.close();
    }
  }

  @Test
  void countsWhenItIsEditedAndStaysInForceWhenItIsLost() throws IOException, InterruptedException {
    // Given an application that has more than is documented
    Files.writeString(home.resolve("www").resolve("second"), "the second order");
    var pod = scene.kubelet.create("caller", Map.of("app", "caller"), "none");
    var caller = scene.caller(scene.kubelet.credentialBundle(pod));
    var stays = scene.caller(scene.kubelet.credentialBundle(pod));
    await().atMost(Scene.PATIENCE).until(() -> caller.get("/first") == 200);

    // When a policy refers to a document that is not there yet
    scene.policies.applyDocumentedBy(MAP);

    // Then that is told, and what was in force stays
    awaitAccepted("False/Invalid");
    assertThat(scene.policies.message("Accepted")).contains("Create ConfigMap", MAP);
    assertThat(caller.get("/first")).isEqualTo(200);

    // When it comes
    document("{/first: {get: {operationId: readFirst}}}");

    // Then its paths are known and no others
    awaitAccepted("True/Accepted");
    scene.awaitEnforced();
    assertThat(scene.policies.status().openApi().served()).isEqualTo(1);
    assertThat(scene.policies.status().openApi().document().configMap()).isEqualTo(MAP);
    assertThat(caller.get("/second")).isEqualTo(404);

    try (var kept = new SteadyLoad(() -> stays.getAgain("/first"))) {
      Scene.awaitMore(kept);

      // When it is edited
      document("{/first: {get: {parameters: [{name: q, in: query}]}}, /second: {get: {}}}");

      // Then that counts on connections that stay
      await().atMost(Scene.PATIENCE).until(() -> caller.get("/second") == 200);
      await()
          .atMost(Scene.PATIENCE)
          .untilAsserted(
              () -> {
                var told = scene.policies.status().openApi();
                assertThat(told.served()).isEqualTo(2);
                assertThat(told.notEnforced())
                    .extracting("pointer")
                    .contains("#/paths/~1first/get/parameters/0");
              });
      Scene.awaitMore(kept);

      // When it becomes unreadable, and then goes, and the operator with it
      document("{/first: {$ref: other.yaml}}");
      awaitAccepted("False/Invalid");
      assertThat(scene.policies.message("Accepted")).contains("#/paths/~1first/$ref");
      scene.admin.configMaps().inNamespace(scene.policies.namespace()).withName(MAP).delete();
      await()
          .atMost(Scene.PATIENCE)
          .until(() -> scene.policies.message("Accepted").contains("Create ConfigMap"));
      scene.restart();
      awaitAccepted("False/Invalid");

      // Then the last good one is in force, and told
      Scene.awaitMore(kept);
      assertThat(caller.get("/second")).isEqualTo(200);
      assertThat(scene.policies.status().openApi().served()).isEqualTo(2);

      // When it is back
      document("{/first: {get: {}}}");

      // Then it counts
      await().atMost(Scene.PATIENCE).until(() -> caller.get("/second") == 404);
      Scene.awaitMore(kept);
      assertThat(kept.failures()).isEmpty();
    }
  }

  private void document(String paths) {
    var text = "openapi: 3.0.3\npaths: " + paths;
    scene
        .admin
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(scene.policies.namespace())
                .withName(MAP)
                .endMetadata()
                .withData(Map.of("openapi.yaml", text))
                .build())
        .forceConflicts()
        .serverSideApply();
  }

  private void awaitAccepted(String wanted) {
    await().atMost(Scene.PATIENCE).until(() -> scene.policies.says("Accepted").equals(wanted));
  }
}
