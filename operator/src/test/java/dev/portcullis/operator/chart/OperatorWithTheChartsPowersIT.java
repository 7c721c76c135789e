package dev.portcullis.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.api.v1alpha1.ApiBackendPolicyStatus;
import dev.portcullis.operator.OperatorConfig;
import dev.portcullis.operator.Portcullis;
import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.check.TlsPort;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator as the chart sets it up: its environment, and its powers and no others. */
class OperatorWithTheChartsPowersIT {

  private static final Set<String> POWERS =
      Set.of(
          "CustomResourceDefinition",
          "ServiceAccount",
          "ClusterRole",
          "ClusterRoleBinding",
          "Role",
          "RoleBinding");

  private static final int XDS_PORT = freePort();

  private static final Refusals REFUSALS = new Refusals();

  private static Installation chart;
  private static OperatorConfig config;
  private static KubernetesClient asOperator;
  private static Portcullis operator;

  @BeforeAll
  static void start() throws InterruptedException {
    // Its address is not allowed, so nobody is asked.
    chart = new Installation("--set", "jwks.allowedHosts={localhost:1}");
    chart.apply(manifest -> POWERS.contains(manifest.getKind()));
    config = config();
    asOperator =
        new KubernetesClientBuilder()
            .withConfig(ApiServer.configOf(chart.namespace, config.serviceAccount()))
            .withHttpClientBuilderConsumer(
                http -> http.addOrReplaceInterceptor("refusals", REFUSALS))
            .build();
    operator = new Portcullis(config, asOperator, new SimpleMeterRegistry());
    operator.start();
  }

  @AfterAll
  static void stop() {
    operator.close();
    asOperator.close();
    // Another operator on this server would rightly refuse to sign beside it.
    published().delete();
    chart.close();
  }

  @Test
  void everySettingOfTheChartArrives() {
    assertThat(config.namespace()).isEqualTo(chart.namespace);
    assertThat(config.serviceAccount()).isEqualTo("portcullis-operator");
    assertThat(config.trustDomain()).isEqualTo("cluster.local");
    assertThat(config.leafLifetime()).isEqualTo(Duration.ofHours(24));
    assertThat(config.testHooks()).isFalse();
    assertThat(config.lease().name()).isEqualTo("portcullis-operator");
    assertThat(config.webhook().configuration()).isEqualTo("portcullis-operator");
    assertThat(config.xds().address())
        .isEqualTo("portcullis-operator." + chart.namespace + ".svc.cluster.local:18000");
  }

  @Test
  void itsCertificateHoldsUnderThePublishedRoots(@TempDir Path directory) throws Exception {
    // Given
    var bundle = published().require();
    var roots = Files.writeString(directory.resolve("ca.pem"), bundle.get("spec", "trustBundle"));
    // When, Then: nobody refuses the handshake
    new TlsPort("127.0.0.1", XDS_PORT, "h2", roots).run();
  }

  @Test
  void nothingThatItNeedsIsForbidden() {
    // Given
    var shop = ApiServer.namespace(chart.admin, "shop").getMetadata().getName();

    // When
    write(shop);
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertThat(conditions(shop))
                    .filteredOn(condition -> condition.getType().equals("Accepted"))
                    .extracting(Condition::getStatus)
                    .containsExactly("True"));

    // Then
    var firewall =
        chart
            .admin
            .network()
            .networkPolicies()
            .inNamespace(shop)
            .withName(Names.networkPolicyOf("orders"));
    var events = chart.admin.events().v1().events().inNamespace(shop);
    await().untilAsserted(() -> assertThat(firewall.get()).isNotNull());
    await().untilAsserted(() -> assertThat(events.list().getItems()).isNotEmpty());
    await()
        .untilAsserted(
            () ->
                assertThat(
                        chart
                            .admin
                            .configMaps()
                            .inNamespace(chart.namespace)
                            .withName(Names.TRUST_CONFIG_MAP)
                            .get())
                    .isNotNull());
    assertThat(REFUSALS.seen).isEmpty();
  }

  @Test
  void norAnythingThatKeysFromAnUrlNeed() {
    // Given
    var shop = ApiServer.namespace(chart.admin, "shop").getMetadata().getName();

    // When
    chart.admin.resource(WITH_KEYS_BY_URL.formatted(shop)).create();

    // Then
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertThat(conditions(shop))
                    .filteredOn(condition -> condition.getType().equals("ResolvedRefs"))
                    .extracting(Condition::getReason)
                    .containsExactly("AddressNotAllowed"));
    assertThat(
            chart
                .admin
                .configMaps()
                .inNamespace(chart.namespace)
                .withLabel(Labels.KEY_SET, Labels.KEY_SET_VALUE)
                .list()
                .getItems())
        .hasSize(1);
    assertThat(REFUSALS.seen).isEmpty();
  }

  private static final String WITH_KEYS_BY_URL =
      """
      apiVersion: portcullis.dev/v1alpha1
      kind: ApiBackendPolicy
      metadata: {namespace: %s, name: orders}
      spec:
        selector: {matchLabels: {app: orders}}
        backend: {port: 8080}
        callers: [{name: edge, serviceAccounts: [{namespace: ingress, name: edge}]}]
        routes: [{name: all, path: {prefix: /}, methods: [GET]}]
        authentication:
          jwt:
            - {name: corp, issuer: corp, audiences: [orders], jwks: {url: "https://localhost:1/keys"}}
      """;

  private static Resource<GenericKubernetesResource> published() {
    return chart
        .admin
        .genericKubernetesResources("certificates.k8s.io/v1", "ClusterTrustBundle")
        .withName(Names.TRUST_BUNDLE);
  }

  private static List<Condition> conditions(String namespace) {
    var policy =
        chart.admin.resources(ApiBackendPolicy.class).inNamespace(namespace).withName("orders");
    return Optional.ofNullable(policy.get().getStatus())
        .map(ApiBackendPolicyStatus::conditions)
        .orElse(List.of());
  }

  private static OperatorConfig config() {
    return new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .withMapping(OperatorConfig.class)
        .withSources(new EnvConfigSource(environment(), 300))
        .build()
        .getConfigMapping(OperatorConfig.class);
  }

  /** Of the chart's container, with free ports, and without a canary to wait for. */
  private static Map<String, String> environment() {
    var environment = new HashMap<String, String>();
    chart.manifests.stream()
        .filter(Deployment.class::isInstance)
        .map(Deployment.class::cast)
        .flatMap(
            deployment -> deployment.getSpec().getTemplate().getSpec().getContainers().stream())
        .filter(container -> container.getName().equals("operator"))
        .flatMap(container -> container.getEnv().stream())
        .filter(variable -> variable.getValueFrom() == null)
        .forEach(variable -> environment.put(variable.getName(), variable.getValue()));
    environment.put("PORTCULLIS_NAMESPACE", chart.namespace);
    environment.put("POD_NAME", "portcullis-operator-0");
    environment.put("PORTCULLIS_XDS_PORT", Integer.toString(XDS_PORT));
    environment.put("PORTCULLIS_XDS_CANARY_PORT", "0");
    environment.put("PORTCULLIS_XDS_CANARY_GRACE", "100ms");
    return environment;
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(String namespace) {
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
            .formatted(namespace);
    chart.admin.resource(yaml).create();
  }
}
