package dev.portcullis.operator.chart;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.api.v1alpha1.ApiBackendPolicyStatus;
import dev.portcullis.api.v1alpha1.ApiBackendPolicyStatus.Pods;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private static final String ENVOY = "envoy:1.40.0";
  private static final String NEWER = "envoy:1.41.0";
  private static final ApiBackendPolicyStatus NOTHING_SAID =
      new ApiBackendPolicyStatus(
          null,
          null,
          List.of(),
          Pods.of(0, 0, 0, 0),
          null,
          null,
          List.of(),
          List.of(),
          null,
          null,
          null);
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
  private static int port;

  @BeforeAll
  static void start() throws InterruptedException, IOException {
    chart = new Installation();
    chart.apply(manifest -> APPLIED.contains(manifest.getKind()));
    port = freePort();
    leadTo(port);
    asOperator = ApiServer.as(chart.namespace, NAME);
    operator = new Portcullis(config(ENVOY), asOperator, new SimpleMeterRegistry());
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
  void anUpgradeNamesThePodsOfTheOlderSidecar() throws InterruptedException {
    // Given
    var old = create(pod("orders")).getMetadata().getName();
    await().atMost(PATIENCE).until(() -> status().pods().injected() > 0);
    assertThat(status().pods().outdated()).isZero();

    // When
    operator.close();
    var metrics = new SimpleMeterRegistry();
    operator = new Portcullis(config(NEWER), asOperator, metrics);
    operator.start();
    await().atMost(PATIENCE).ignoreExceptions().until(() -> isInjected(create(pod("orders"))));

    // Then
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(status().outdated()).extracting("pod").contains(old));
    var fresh = create(pod("orders")).getMetadata().getName();
    await().atMost(PATIENCE).until(() -> podsIn(shop) == status().pods().selected());
    var status = status();
    assertThat(status.outdated())
        .allSatisfy(pod -> assertThat(pod.message()).contains(ENVOY, NEWER))
        .extracting("pod")
        .doesNotContain(fresh);
    assertThat(status.pods().outdated()).isLessThan(status.pods().selected());
    assertThat(metrics.get("portcullis.sidecars.outdated").gauge().value())
        .isEqualTo(status.pods().outdated());
  }

  @Test
  @Order(4)
  void withoutTheOperatorNoSelectedPodIsLetIn() {
    operator.close();
    assertThatThrownBy(() -> create(pod("orders")))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("failed calling webhook \"inject.portcullis.dev\"");
  }

  private static ApiBackendPolicyStatus status() {
    return Optional.ofNullable(
            chart
                .admin
                .resources(ApiBackendPolicy.class)
                .inNamespace(shop)
                .withName("orders")
                .get()
                .getStatus())
        .orElse(NOTHING_SAID);
  }

  private static int podsIn(String namespace) {
    var selected = chart.admin.pods().inNamespace(namespace).withLabel("app", "orders");
    return selected.list().getItems().size();
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

  private static OperatorConfig config(String envoy) {
    return new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .withMapping(OperatorConfig.class)
        .withDefaultValues(
            Map.ofEntries(
                entry("portcullis.namespace", chart.namespace),
                entry("portcullis.instance", "injection-it"),
                entry("portcullis.service-account", NAME),
                entry("portcullis.images.envoy", envoy),
                entry("portcullis.xds.address", NAME + "." + chart.namespace + ".svc:18000"),
                entry("portcullis.xds.port", "0"),
                entry("portcullis.xds.canary-port", "0"),
                entry("portcullis.xds.canary-grace", "100ms"),
                entry("portcullis.lease.name", NAME),
                entry("portcullis.webhook.configuration", NAME),
                entry("portcullis.webhook.port", Integer.toString(port))))
        .build()
        .getConfigMapping(OperatorConfig.class);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
