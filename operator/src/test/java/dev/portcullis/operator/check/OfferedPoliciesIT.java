package dev.portcullis.operator.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.operator.apiserver.ApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The two policies that {@code helm test} offers, at a real API server with the real CRD. */
class OfferedPoliciesIT {

  private static final Path CRD =
      Path.of("../crds/src/main/resources/crds/apibackendpolicies.portcullis.dev-v1.yaml");

  private static KubernetesClient admin;
  private static String namespace;

  @BeforeAll
  static void aClusterWithTheCrd() throws IOException {
    admin = ApiServer.admin();
    namespace = ApiServer.namespace(admin, "offered").getMetadata().getName();
    try (var crd = Files.newInputStream(CRD)) {
      admin.load(crd).forceConflicts().serverSideApply();
    }
  }

  @AfterAll
  static void close() {
    admin.close();
  }

  @Test
  void theValidOneIsAccepted() {
    assertThat(offer(ValidPolicyAccepted.SPEC)).isNotNull();
  }

  @Test
  void theInvalidOneIsRefusedByTheNameOfItsField() {
    assertThatThrownBy(() -> offer(InvalidPolicyRefused.SPEC))
        .hasMessageContaining(InvalidPolicyRefused.FIELD);
  }

  private static GenericKubernetesResource offer(String spec) {
    var yaml =
        """
        apiVersion: portcullis.dev/v1alpha1
        kind: ApiBackendPolicy
        metadata: {namespace: %s, name: offered}
        spec: %s
        """
            .formatted(namespace, spec);
    var policy =
        admin.getKubernetesSerialization().unmarshal(yaml, GenericKubernetesResource.class);
    return admin.resource(policy).dryRun().create();
  }
}
