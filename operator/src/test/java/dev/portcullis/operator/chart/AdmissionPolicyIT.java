package dev.portcullis.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The belt alone, as if the webhook had let every pod through unchanged. */
class AdmissionPolicyIT {

  private static final Set<String> BELT =
      Set.of(
          "CustomResourceDefinition",
          "ValidatingAdmissionPolicy",
          "ValidatingAdmissionPolicyBinding");

  private static Installation chart;

  private String namespace;

  @BeforeAll
  static void onlyTheBelt() {
    chart = new Installation();
    chart.apply(manifest -> BELT.contains(manifest.getKind()));
    var optedIn = optedIn();
    policy(optedIn, "{matchLabels: {app: orders}}");
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () -> assertThatThrownBy(() -> admit(optedIn, bare("app", "orders"))).isNotNull());
  }

  @AfterAll
  static void close() {
    chart.close();
  }

  @BeforeEach
  void anOptedInNamespace() {
    namespace = optedIn();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {matchLabels: {app: orders}}
          {matchExpressions: [{key: app, operator: In, values: [orders, basket]}]}
          {matchExpressions: [{key: app, operator: NotIn, values: [search]}]}
          {matchExpressions: [{key: env, operator: NotIn, values: [test]}]}
          {matchExpressions: [{key: app, operator: Exists}]}
          {matchExpressions: [{key: legacy, operator: DoesNotExist}]}
          {matchLabels: {app: orders}, matchExpressions: [{key: app, operator: Exists}]}
          """)
  void refusesASelectedPodWithoutItsSidecar(String selector) {
    // Given
    policy(namespace, selector);
    // Then
    await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> admit(namespace, bare("app", "orders")))
                    .isInstanceOf(KubernetesClientException.class)
                    .hasMessageContaining(
                        "ApiBackendPolicy backend selects this pod, but it comes without its"
                            + " sidecar"));
    assertThat(admit(namespace, injected("app", "orders"))).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {matchLabels: {app: basket}}
          {matchLabels: {app: orders, tier: web}}
          {matchExpressions: [{key: app, operator: In, values: [basket]}]}
          {matchExpressions: [{key: app, operator: NotIn, values: [orders]}]}
          {matchExpressions: [{key: legacy, operator: Exists}]}
          {matchExpressions: [{key: app, operator: DoesNotExist}]}
          {matchLabels: {app: orders}, matchExpressions: [{key: legacy, operator: Exists}]}
          """)
  void leavesAPodAloneThatThePolicyDoesNotSelect(String selector) {
    // Given: the policy is known, for the pod that shows it is refused
    policy(namespace, selector);
    policy(namespace, "marker", "{matchLabels: {known: 'yes'}}");
    await()
        .untilAsserted(
            () -> assertThatThrownBy(() -> admit(namespace, bare("known", "yes"))).isNotNull());
    // Then
    assertThat(admit(namespace, bare("app", "orders"))).isNotNull();
  }

  @Test
  void anOrdinaryContainerOfThatNameIsNoSidecar() {
    // Given
    policy(namespace, "{matchLabels: {app: orders}}");
    var pod = injected("app", "orders");
    // When
    pod.getSpec().getInitContainers().getLast().setRestartPolicy(null);
    // Then
    await().untilAsserted(() -> assertThatThrownBy(() -> admit(namespace, pod)).isNotNull());
  }

  @Test
  void leavesNamespacesAloneThatDidNotOptIn() {
    // Given
    var other = ApiServer.namespace(chart.admin, "other").getMetadata().getName();
    policy(other, "{matchLabels: {app: orders}}");
    // Then
    assertThat(admit(other, bare("app", "orders"))).isNotNull();
  }

  private static String optedIn() {
    var labels = Map.of(Labels.INJECT, Labels.INJECT_ENABLED);
    return ApiServer.namespace(chart.admin, "shop", labels).getMetadata().getName();
  }

  private static void policy(String namespace, String selector) {
    policy(namespace, "backend", selector);
  }

  private static void policy(String namespace, String name, String selector) {
    var yaml =
        """
        apiVersion: portcullis.dev/v1alpha1
        kind: ApiBackendPolicy
        metadata: {namespace: %s, name: %s}
        spec:
          selector: %s
          backend: {port: 8080}
          callers: [{name: edge, serviceAccounts: [{namespace: ingress, name: edge}]}]
          routes: [{name: all, path: {prefix: /}, methods: [GET]}]
        """
            .formatted(namespace, name, selector);
    chart
        .admin
        .resource(
            chart
                .admin
                .getKubernetesSerialization()
                .unmarshal(yaml, GenericKubernetesResource.class))
        .create();
  }

  private static Pod admit(String namespace, Pod pod) {
    return chart.admin.pods().inNamespace(namespace).resource(pod).dryRun().create();
  }

  private static Pod bare(String label, String value) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("pod")
        .withLabels(Map.of(label, value))
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("app")
        .withImage("app")
        .endContainer()
        .endSpec()
        .build();
  }

  private static Pod injected(String label, String value) {
    var step = new ContainerBuilder().withName(Names.INIT_CONTAINER).withImage("init").build();
    var proxy =
        new ContainerBuilder()
            .withName(Names.PROXY_CONTAINER)
            .withImage("envoy")
            .withRestartPolicy("Always")
            .build();
    return new PodBuilder(bare(label, value))
        .editMetadata()
        .addToLabels(Labels.POLICY, "backend")
        .endMetadata()
        .editSpec()
        .withInitContainers(step, proxy)
        .endSpec()
        .build();
  }
}
