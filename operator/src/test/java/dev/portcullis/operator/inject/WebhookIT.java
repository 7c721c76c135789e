package dev.portcullis.operator.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.golden.GoldenFolder;
import dev.portcullis.operator.identity.OperatorOnLoopback;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A real API server that asks the real webhook, and stores what comes of it. */
class WebhookIT {

  /** On a namespace: which of the webhooks below its pods meet. */
  private static final String MEETS = "webhook-it";

  private static final String POD_SECURITY = "pod-security.kubernetes.io/enforce";
  private static final OperatorOnLoopback OPERATOR =
      new OperatorOnLoopback(Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS));

  private static KubernetesClient admin;
  private static WebhookServer redirect;
  private static WebhookServer none;
  private static MutatingWebhookConfiguration registered;

  @BeforeAll
  static void register() {
    admin = ApiServer.admin();
    redirect = serve(Templates.REDIRECT);
    none = serve(Templates.NONE);
    service();
    registered =
        admin
            .resource(
                new MutatingWebhookConfigurationBuilder()
                    .withNewMetadata()
                    .withGenerateName("webhook-it-")
                    .endMetadata()
                    .withWebhooks(webhook("redirect", redirect), webhook("none", none))
                    .build())
            .create();
    var namespace = namespace("redirect", "privileged");
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> isInjected(create(namespace, orders("{name: app, image: a}"))));
  }

  @AfterAll
  static void close() {
    admin.resource(registered).delete();
    redirect.close();
    none.close();
    admin.close();
  }

  static Stream<GoldenFolder> goldens() {
    return GoldenFolder.casesOf("injection");
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void storesAnInjectedPodThatItWouldNotInjectAgain(GoldenFolder folder) {
    // Given
    var namespace = namespace("redirect", "privileged");
    // When
    var stored = create(namespace, Serialization.unmarshal(folder.read("in-pod.yaml"), Pod.class));
    // Then
    assertThat(isInjected(stored)).isTrue();
    assertThat(Templates.injector(Templates.REDIRECT).decide(namespace, stored))
        .isEqualTo(new InjectionDecision.Skip("the pod is injected already"));
  }

  @Test
  void aCopyOfAnInjectedPodIsAPodLikeIt() {
    // Given
    var namespace = namespace("redirect", "privileged");
    var stored = create(namespace, orders("{name: app, image: a}"));
    var copy =
        new PodBuilder(stored)
            .withNewMetadata()
            .withGenerateName("copy-")
            .withLabels(stored.getMetadata().getLabels())
            .withAnnotations(stored.getMetadata().getAnnotations())
            .endMetadata()
            .withStatus(null)
            .build();
    // Then
    assertThat(create(namespace, copy).getSpec()).isEqualTo(stored.getSpec());
  }

  @Test
  void podSecurityRestrictedTakesAPodOfCaptureNone() {
    // Given
    var namespace = namespace("none", "restricted");
    // When
    var stored = create(namespace, orders(RESTRICTED_APP));
    // Then
    assertThat(isInjected(stored)).isTrue();
  }

  @Test
  void podSecurityRestrictedRefusesTheRedirectsCapabilityAlone() {
    // Given
    var namespace = namespace("redirect", "restricted");
    // Then
    assertThatThrownBy(() -> create(namespace, orders(RESTRICTED_APP)))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("unrestricted capabilities (container \"portcullis-init\"")
        .hasMessageContaining("runAsNonRoot != true (container \"portcullis-init\"")
        .hasMessageNotContaining("portcullis-proxy");
  }

  @Test
  void theOwnerReadsWhyAPodIsRefused() {
    // Given
    var namespace = namespace("redirect", "privileged");
    var pod = orders("{name: app, image: a}");
    pod.getSpec().setHostNetwork(true);
    // Then
    assertThatThrownBy(() -> create(namespace, pod))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(
            "ApiBackendPolicy orders selects this pod, but its sidecar cannot be injected: it uses"
                + " the node's network, which the gate cannot close; remove hostNetwork.");
  }

  @Test
  void aPodThatNoPolicySelectsIsLeftAlone() {
    // Given
    var namespace = namespace("redirect", "privileged");
    var pod = orders("{name: app, image: a}");
    pod.getMetadata().setLabels(Map.of("app", "search"));
    // When
    var stored = create(namespace, pod);
    // Then
    assertThat(stored.getSpec().getInitContainers()).isEmpty();
    assertThat(stored.getMetadata().getLabels()).doesNotContainKey(Labels.POLICY);
  }

  private static final String RESTRICTED_APP =
      "{name: app, image: a, securityContext: {runAsNonRoot: true, runAsUser: 1000,"
          + " allowPrivilegeEscalation: false, capabilities: {drop: [ALL]},"
          + " seccompProfile: {type: RuntimeDefault}}}";

  private static Pod orders(String container) {
    return Serialization.unmarshal(
        """
        apiVersion: v1
        kind: Pod
        metadata: {generateName: orders-, labels: {app: orders}}
        spec: {containers: [%s]}
        """
            .formatted(container),
        Pod.class);
  }

  /** With the service account that the API server sets before it asks webhooks; not so this one. */
  private static Pod create(String namespace, Pod pod) {
    var complete =
        new PodBuilder(pod).editSpec().withServiceAccountName("default").endSpec().build();
    return admin.pods().inNamespace(namespace).resource(complete).create();
  }

  private static boolean isInjected(Pod pod) {
    return "orders".equals(pod.getMetadata().getLabels().get(Labels.POLICY))
        && pod.getSpec().getInitContainers().stream()
            .map(Container::getName)
            .toList()
            .subList(0, Math.min(2, pod.getSpec().getInitContainers().size()))
            .equals(List.of(Names.INIT_CONTAINER, Names.PROXY_CONTAINER));
  }

  private static String namespace(String meets, String security) {
    return ApiServer.namespace(admin, "shop", Map.of(MEETS, meets, POD_SECURITY, security))
        .getMetadata()
        .getName();
  }

  /** Leads to this process, under the name that the certificate is for. */
  private static void service() {
    admin
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(OperatorOnLoopback.NAMESPACE)
                .endMetadata()
                .build())
        .serverSideApply();
    admin
        .resource(
            new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(OperatorOnLoopback.NAMESPACE)
                .withName(OperatorOnLoopback.SERVICE)
                .endMetadata()
                .withNewSpec()
                .withType("ExternalName")
                .withExternalName("localhost")
                .endSpec()
                .build())
        .serverSideApply();
  }

  private static WebhookServer serve(InjectionPlan plan) {
    var server =
        new WebhookServer(0, OPERATOR.keys(), Templates.injector(plan), new SimpleMeterRegistry());
    server.start();
    return server;
  }

  private static MutatingWebhook webhook(String name, WebhookServer server) {
    var roots = OPERATOR.roots().pem().getBytes(StandardCharsets.UTF_8);
    return new MutatingWebhookBuilder()
        .withName(name + ".webhook-it.portcullis.dev")
        .withAdmissionReviewVersions("v1")
        .withFailurePolicy("Fail")
        .withSideEffects("None")
        .withReinvocationPolicy("IfNeeded")
        .withTimeoutSeconds(5)
        .withNewNamespaceSelector()
        .addToMatchLabels(MEETS, name)
        .endNamespaceSelector()
        .addNewRule()
        .withApiGroups("")
        .withApiVersions("v1")
        .withOperations("CREATE")
        .withResources("pods")
        .endRule()
        .withNewClientConfig()
        .withNewService()
        .withNamespace(OperatorOnLoopback.NAMESPACE)
        .withName(OperatorOnLoopback.SERVICE)
        .withPort(server.port().orElseThrow())
        .withPath("/inject")
        .endService()
        .withCaBundle(Base64.getEncoder().encodeToString(roots))
        .endClientConfig()
        .build();
  }
}
