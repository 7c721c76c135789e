package dev.portcullis.operator.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NetworkPoliciesIT {

  private KubernetesClient admin;
  private String namespace;

  @BeforeEach
  void aNamespace() {
    admin = ApiServer.admin();
    namespace = ApiServer.namespace(admin, "network").getMetadata().getName();
  }

  @AfterEach
  void close() {
    admin.close();
  }

  @ParameterizedTest
  @EnumSource
  void theApiServerTakesItAndAddsNothing(NetworkCase backend) {
    // Given
    var wanted = inNamespace(NetworkPolicies.of(backend.intent).getFirst());
    // When
    var stored = apply(wanted);
    // Then: no default fills a field that would look like drift
    assertThat(stored.getSpec()).isEqualTo(wanted.getSpec());
    assertThat(stored.getMetadata().getLabels()).isEqualTo(wanted.getMetadata().getLabels());
  }

  @ParameterizedTest
  @EnumSource
  void applyingItAgainChangesNothing(NetworkCase backend) {
    // Given
    var wanted = inNamespace(NetworkPolicies.of(backend.intent).getFirst());
    var first = apply(wanted);
    // When
    var second = apply(wanted);
    // Then
    assertThat(second.getMetadata().getResourceVersion())
        .isEqualTo(first.getMetadata().getResourceVersion());
  }

  private NetworkPolicy inNamespace(NetworkPolicy policy) {
    return new NetworkPolicyBuilder(policy)
        .editMetadata()
        .withNamespace(namespace)
        .endMetadata()
        .build();
  }

  private NetworkPolicy apply(NetworkPolicy policy) {
    var server =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(Names.FIELD_MANAGER)
            .withForce(true)
            .build();
    return admin.network().networkPolicies().resource(policy).patch(server);
  }
}
