package dev.portcullis.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.OperatorConfig;
import dev.portcullis.operator.Portcullis;
import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.names.Annotations;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The chart's webhook and its belt on the real API server, with the whole operator behind them,
 * under the chart's powers and no others.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InjectionIT {

  private static final String NAME = "portcullis-operator";
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Set<String> APPLIED =
      Set.of(
          "CustomResourceDefinition",
          "ServiceAccount",
          "ClusterRole",
          "ClusterRoleBinding",
          "Role",
          "RoleBinding",
          "ValidatingAdmissionPolicy",
          "ValidatingAdmissionPolicyBinding",
          "MutatingWebhookConfiguration");

  private static Installation chart;
  private static KubernetesClient asOperator;
  private static Portcullis operator;
  private static String shop;

  @BeforeAll
  static void start() throws InterruptedException, IOException {
    chart = new Installation();
    chart.apply(manifest -> APPLIED.contains(manifest.getKind()));
    var port = freePort();
    leadTo(port);
    asOperator = ApiServer.as(chart.namespace, NAME);
    operator = new Portcullis(config(port), asOperator, new SimpleMeterRegistry());
    operator.start();
    shop =
        ApiServer.namespace(chart.admin, "shop", Map.of(Labels.INJECT, Labels.INJECT_ENABLED))
            .getMetadata()
            .getName();
    policy();
    await().atMost(PATIENCE).until(() -> isInjected(create(pod("orders"))));
  }

  @AfterAll
  static void stop() {
    operator.close();
    asOperator.close();
    // Another operator on this server would rightly refuse to sign beside it.
    chart
        .admin
        .genericKubernetesResources("certificates.k8s.io/v1", "ClusterTrustBundle")
        .withName(Names.TRUST_BUNDLE)
        .delete();
    chart.close();
  }

  @Test
  @Order(1)
  void aSelectedPodComesWithItsSidecarAndPassesTheBelt() {
    var stored = create(pod("orders"));
    assertThat(isInjected(stored)).isTrue();
    assertThat(stored.getMetadata().getLabels()).containsEntry(Labels.POLICY, "orders");
    assertThat(stored.getMetadata().getAnnotations())
        .containsEntry(Annotations.CAPTURE, "Redirect")
        .containsKey(Annotations.TEMPLATE);
  }

  @Test
  @Order(1)
  void anotherPodOfTheNamespaceIsLeftAlone() {
    assertThat(create(pod("search")).getSpec().getInitContainers()).isEmpty();
  }

  @Test
  @Order(2)
  void aCaBundleThatSomeoneSpoiltIsPutRight() {
    // Given
    var right = caBundle();
    // When
    webhook()
        .edit(
            found ->
                new MutatingWebhookConfigurationBuilder(found)
                    .editFirstWebhook()
                    .editClientConfig()
                    .withCaBundle("")
                    .endClientConfig()
                    .endWebhook()
                    .build());
    // Then
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(caBundle()).isEqualTo(right));
    await().atMost(PATIENCE).ignoreExceptions().until(() -> isInjected(create(pod("orders"))));
  }

  @Test
  @Order(2)
  void theOperatorOwnsTheCaBundleAndNothingElseOfTheWebhook() {
    var owned =
        webhook().get().getMetadata().getManagedFields().stream()
            .filter(entry -> Names.FIELD_MANAGER.equals(entry.getManager()))
            .map(entry -> entry.getFieldsV1().getAdditionalProperties().toString())
            .toList();
    assertThat(owned)
        .containsExactly(
            "{f:webhooks={k:{\"name\":\"inject.portcullis.dev\"}="
                + "{.={}, f:clientConfig={f:caBundle={}}, f:name={}}}}");
  }

  @Test
  @Order(3)
  void withoutTheOperatorNoSelectedPodIsLetIn() {
    operator.close();
    assertThatThrownBy(() -> create(pod("orders")))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("failed calling webhook \"inject.portcullis.dev\"");
  }

  private static boolean isInjected(Pod pod) {
    return pod.getSpec().getInitContainers().stream()
        .map(Container::getName)
        .toList()
        .containsAll(Set.of(Names.INIT_CONTAINER, Names.PROXY_CONTAINER));
  }

  private static String caBundle() {
    return webhook().get().getWebhooks().getFirst().getClientConfig().getCaBundle();
  }

  private static Resource<MutatingWebhookConfiguration> webhook() {
    return chart.admin.admissionRegistration().v1().mutatingWebhookConfigurations().withName(NAME);
  }

  private static Pod create(Pod pod) {
    return chart.admin.pods().inNamespace(shop).resource(pod).create();
  }

  private static Pod pod(String app) {
    return new PodBuilder()
        .withNewMetadata()
        .withGenerateName(app + "-")
        .addToLabels("app", app)
        .endMetadata()
        .withNewSpec()
        // This API server does not set it, as others do before they ask webhooks.
        .withServiceAccountName("default")
        .addNewContainer()
        .withName("app")
        .withImage("app")
        .endContainer()
        .endSpec()
        .build();
  }

  private static void policy() {
    var yaml =
        """
        apiVersion: portcullis.dev/v1alpha1
        kind: ApiBackendPolicy
        metadata: {namespace: %s, name: orders}
        spec:
          selector: {matchLabels: {app: orders}}
          backend: {port: 8080}
          callers: [{name: edge, serviceAccounts: [{namespace: ingress, name: edge}]}]
          routes: [{name: all, path: {prefix: /}, methods: [GET]}]
        """
            .formatted(shop);
    chart.admin.resource(yaml).create();
  }

  /** The API server takes an external name for a Service's address, and keeps to the port. */
  private static void leadTo(int port) {
    chart
        .admin
        .resource(
            new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(chart.namespace)
                .withName(NAME)
                .endMetadata()
                .withNewSpec()
                .withType("ExternalName")
                .withExternalName("localhost")
                .endSpec()
                .build())
        .create();
    webhook()
        .edit(
            found ->
                new MutatingWebhookConfigurationBuilder(found)
                    .editFirstWebhook()
                    .editClientConfig()
                    .editService()
                    .withPort(port)
                    .endService()
                    .endClientConfig()
                    .endWebhook()
                    .build());
  }

  private static OperatorConfig config(int port) {
    return new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .withMapping(OperatorConfig.class)
        .withDefaultValues(
            Map.of(
                "portcullis.namespace",
                chart.namespace,
                "portcullis.instance",
                "injection-it",
                "portcullis.service-account",
                NAME,
                "portcullis.xds.address",
                NAME + "." + chart.namespace + ".svc:18000",
                "portcullis.xds.port",
                "0",
                "portcullis.xds.canary-port",
                "0",
                "portcullis.xds.canary-grace",
                "100ms",
                "portcullis.lease.name",
                NAME,
                "portcullis.webhook.configuration",
                NAME,
                "portcullis.webhook.port",
                Integer.toString(port)))
        .build()
        .getConfigMapping(OperatorConfig.class);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
