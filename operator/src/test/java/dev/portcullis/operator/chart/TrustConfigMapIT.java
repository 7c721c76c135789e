package dev.portcullis.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may say by which roots sidecars know the operator, and what else the operator may say. */
class TrustConfigMapIT {

  private static final Set<String> OURS =
      Set.of(
          "ServiceAccount",
          "ClusterRole",
          "ClusterRoleBinding",
          "Role",
          "RoleBinding",
          "ValidatingAdmissionPolicy",
          "ValidatingAdmissionPolicyBinding",
          "CustomResourceDefinition");

  private static Installation chart;
  private static KubernetesClient operator;

  private String namespace;

  @BeforeAll
  static void install() {
    chart = new Installation();
    chart.apply(manifest -> OURS.contains(manifest.getKind()));
    operator = ApiServer.as(chart.namespace, "portcullis-operator");
    var probe = ApiServer.namespace(chart.admin, "shop").getMetadata().getName();
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () -> {
              // Rules and powers come into force a moment after they are written.
              assertAccepted(operator, map(probe, Names.TRUST_CONFIG_MAP, "roots"));
              assertRefused(chart.admin, map(probe, Names.TRUST_CONFIG_MAP, "roots"));
              assertRefused(operator, map(probe, Names.TRUST_CONFIG_MAP, "PRIVATE KEY"));
            });
  }

  @AfterAll
  static void close() {
    operator.close();
    chart.close();
  }

  @BeforeEach
  void aTenant() {
    namespace = ApiServer.namespace(chart.admin, "shop").getMetadata().getName();
  }

  @Test
  void nobodyElseWritesItNotEvenAnAdministrator() {
    // Given
    var stored = operator.resource(map(namespace, Names.TRUST_CONFIG_MAP, "roots")).create();

    // When
    stored.getData().put("ca.pem", "an intruder's");

    // Then
    assertThatThrownBy(() -> chart.admin.resource(stored).update())
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("only its operator writes it");
    chart.admin.resource(stored).delete();
    assertRefused(chart.admin, map(namespace, Names.TRUST_CONFIG_MAP, "an intruder's"));
    assertThat(chart.admin.resource(map(namespace, "another", "any")).create()).isNotNull();
  }

  @Test
  void theOperatorWritesNoOther() {
    assertRefused(operator, map(namespace, "another", "roots"));
    assertThat(operator.resource(map(chart.namespace, "another", "roots")).create()).isNotNull();
  }

  @Test
  void theOperatorWritesNoKeyIntoAny() {
    assertRefused(operator, map(namespace, Names.TRUST_CONFIG_MAP, "-----BEGIN PRIVATE KEY-----"));
    assertRefused(operator, map(chart.namespace, "keys", "-----BEGIN EC PRIVATE KEY-----"));
  }

  @Test
  void theOperatorReadsNoOther() {
    chart.admin.resource(map(namespace, "another", "any")).create();

    assertThatThrownBy(() -> operator.configMaps().inNamespace(namespace).withName("another").get())
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("forbidden");
    assertThatThrownBy(() -> operator.configMaps().inAnyNamespace().list())
        .isInstanceOf(KubernetesClientException.class);
    assertThat(
            operator
                .configMaps()
                .inAnyNamespace()
                .withField("metadata.name", Names.TRUST_CONFIG_MAP)
                .list())
        .isNotNull();
  }

  private static void assertAccepted(KubernetesClient client, ConfigMap map) {
    assertThatCode(() -> client.resource(map).dryRun().create()).doesNotThrowAnyException();
  }

  private static void assertRefused(KubernetesClient client, ConfigMap map) {
    assertThatThrownBy(() -> client.resource(map).dryRun().create())
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("denied");
  }

  private static ConfigMap map(String namespace, String name, String content) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .addToData("ca.pem", content)
        .build();
  }
}
