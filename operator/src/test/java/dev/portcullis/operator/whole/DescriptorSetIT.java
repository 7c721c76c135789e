package dev.portcullis.operator.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.envoytest.OrdersService;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A descriptor set in a ConfigMap, from its first edit to its end, before a real Envoy. */
class DescriptorSetIT {

  private static final String MAP = "orders-descriptors";
  private static final String KEY = "descriptors.pb";
  private static final String JSON = "/v1/orders/7";
  private static final Path SET =
      Path.of("src/test/resources/translation/grpc-json/in-descriptors.yaml");

  private static final String SPEC =
      """
      selector: {matchLabels: {app: orders}}
      backend:
        port: 9090
        protocol: GRPC
        transcoding: {configMapRef: {name: %s}}
      callers:
        - name: shop
          serviceAccounts: [{name: caller}]
      routes:
        - name: orders
          path: {prefix: /shop.v1.Orders}
          methods: [POST]
      """
          .formatted(MAP);

  @TempDir private Path home;
  private Scene scene;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    Assumptions.assumeTrue(Sandbox.possible(), "SKIPPED: needs root, ip, unshare and nft");
    scene = Scene.start(home);
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    scene
        .backend
        .sandbox()
        .start(
            "grpc",
            Map.of(),
            List.of(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                OrdersService.class.getName(),
                "9090"));
  }

  @AfterEach
  void stop() {
    if (scene != null) {
      scene.close();
    }
  }

  @Test
  void countsWhenItComesAndStaysInForceWhenItIsLost() throws IOException, InterruptedException {
    // Given
    var pod = scene.kubelet.create("caller", Map.of("app", "caller"), "none");
    var caller = scene.caller(scene.kubelet.credentialBundle(pod));
    await().atMost(Scene.PATIENCE).until(() -> caller.get("/first") == 200);

    // When a policy refers to a set that is not there yet
    scene.policies.applySpec(SPEC);

    // Then that is told, and what was in force stays
    awaitAccepted("False/Invalid");
    assertThat(scene.policies.message("Accepted")).contains("Create ConfigMap", MAP);
    assertThat(caller.get("/first")).isEqualTo(200);

    // When it comes
    write(descriptors());

    // Then JSON is a call
    awaitAccepted("True/Accepted");
    scene.awaitEnforced();
    await().atMost(Scene.PATIENCE).until(() -> caller.get(JSON) == 200);
    assertThat(caller.get("/first")).isEqualTo(404);

    // When it becomes unreadable, and then goes, and the operator with it
    write("bm8gc2V0");
    awaitAccepted("False/Invalid");
    assertThat(scene.policies.message("Accepted")).contains("--descriptor_set_out");
    scene.admin.configMaps().inNamespace(scene.policies.namespace()).withName(MAP).delete();
    await()
        .atMost(Scene.PATIENCE)
        .until(() -> scene.policies.message("Accepted").contains("Create ConfigMap"));
    scene.restart();
    awaitAccepted("False/Invalid");

    // Then the last good one is in force
    assertThat(caller.get(JSON)).isEqualTo(200);

    // When it is back
    write(descriptors());

    // Then it counts
    awaitAccepted("True/Accepted");
    scene.awaitEnforced();
    assertThat(caller.get(JSON)).isEqualTo(200);
  }

  private static String descriptors() throws IOException {
    return Serialization.unmarshal(Files.readString(SET), ConfigMap.class).getBinaryData().get(KEY);
  }

  private void write(String base64) {
    scene
        .admin
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(scene.policies.namespace())
                .withName(MAP)
                .endMetadata()
                .withBinaryData(Map.of(KEY, base64))
                .build())
        .forceConflicts()
        .serverSideApply();
  }

  private void awaitAccepted(String wanted) {
    await().atMost(Scene.PATIENCE).until(() -> scene.policies.says("Accepted").equals(wanted));
  }
}
