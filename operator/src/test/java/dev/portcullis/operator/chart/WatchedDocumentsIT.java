package dev.portcullis.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.resolve.descriptors.DescriptorReading;
import dev.portcullis.operator.resolve.openapi.OpenApiReading;
import dev.portcullis.operator.watch.cluster.ObservedPolicy;
import dev.portcullis.operator.watch.cluster.Views;
import dev.portcullis.operator.watch.documents.Documents.Known;
import dev.portcullis.operator.watch.documents.WatchedDocuments;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** ConfigMaps with documents, with the powers that the chart gives the operator for them. */
class WatchedDocumentsIT {

  private static final Set<String> NEEDED =
      Set.of("ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding");
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String DESCRIPTORS =
      "src/test/resources/translation/grpc-json/in-descriptors.yaml";
  private static final String GOOD = "openapi: 3.0.3\npaths: {/a: {get: {}}}";

  private static KubernetesClient admin;
  private static String shop;
  private static Installation chart;
  private static KubernetesClient operator;

  private final FakePolicies policies = new FakePolicies();
  private final List<BackendKey> told = new CopyOnWriteArrayList<>();
  private WatchedDocuments documents;

  @BeforeAll
  static void install() {
    admin = ApiServer.admin();
    shop = ApiServer.namespace(admin, "shop").getMetadata().getName();
    chart = new Installation("--set", "openApi.configMaps." + shop + "={granted,shared}");
    chart.apply(manifest -> NEEDED.contains(manifest.getKind()));
    operator = ApiServer.as(chart.namespace, "portcullis-operator");
  }

  @AfterAll
  static void uninstall() {
    operator.close();
    chart.close();
    admin.close();
  }

  @BeforeEach
  void start() {
    documents = new WatchedDocuments(operator, policies);
    documents.onChange(told::add);
    documents.start();
  }

  @AfterEach
  void stop() {
    documents.close();
  }

  @Test
  void areFollowedFromTheirAbsenceToTheirEnd() {
    // Given
    var policy = policy("orders", "granted");
    policies.put(policy);
    awaitUnreadable(policy, "Create ConfigMap " + shop + "/granted");

    // When it comes, without the key and then with it
    write("granted", Map.of("other.yaml", GOOD));
    awaitUnreadable(policy, "under data, openapi.yaml");
    write("granted", Map.of("openapi.yaml", GOOD));
    awaitRead(policy, 1);

    // When it is edited
    write("granted", Map.of("openapi.yaml", GOOD.replace("get: {}", "get: {}, put: {}")));
    awaitRead(policy, 2);

    // When something else of it changes
    var before = told.size();
    write("granted", Map.of("openapi.yaml", GOOD + "\n# same", "more", "x"));
    write("granted", Map.of("openapi.yaml", GOOD));
    awaitRead(policy, 1);
    assertThat(told.size()).isGreaterThan(before);

    // When it goes
    admin.configMaps().inNamespace(shop).withName("granted").delete();
    awaitUnreadable(policy, "Create ConfigMap");
  }

  @Test
  void aPolicyThatRefersToNoneWaitsForNothing() {
    assertThat(documents.of(policy("orders", null))).isEqualTo(new Known.Now(Optional.empty()));
    assertThat(documents.of(policy("orders", "granted"))).isEqualTo(new Known.NotYet());
  }

  @Test
  void aDescriptorSetIsTakenFromTheBinaryData() throws IOException {
    // Given
    var policy = transcoding("orders", "granted");
    policies.put(policy);
    awaitUnusable(policy, "Create ConfigMap " + shop + "/granted");

    // When it comes as text, and then as what it is
    write("granted", Map.of("descriptors.pb", "text"));
    awaitUnusable(policy, "under binaryData, descriptors.pb");
    var set = Files.readString(Path.of(DESCRIPTORS));
    writeBinary("granted", set.substring(set.indexOf("descriptors.pb: ") + 16).strip());

    // Then
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                documents.of(policy)
                        instanceof Known.Descriptors(DescriptorReading.Read(var descriptors))
                    && descriptors.service("shop.v1.Orders").isPresent());

    // When it is broken, and when it goes
    writeBinary("granted", "////");
    awaitUnusable(policy, "these bytes are none");
    admin.configMaps().inNamespace(shop).withName("granted").delete();
    awaitUnusable(policy, "Create ConfigMap");
  }

  @Test
  void twoPoliciesShareOneAndOneMayLeave() {
    write("shared", Map.of("openapi.yaml", GOOD));
    policies.put(policy("one", "shared"));
    policies.put(policy("two", "shared"));
    awaitRead(policy("one", "shared"), 1);
    await().atMost(PATIENCE).until(() -> told.contains(new BackendKey(shop, "two")));

    policies.remove("one");
    write("shared", Map.of("openapi.yaml", GOOD.replace("get: {}", "get: {}, put: {}")));

    awaitRead(policy("two", "shared"), 2);
  }

  @Test
  void whatWasNotGrantedIsToldAndReadOnceItIs() {
    // Given
    var policy = policy("orders", "others");
    write("others", Map.of("openapi.yaml", GOOD));
    policies.put(policy);
    awaitUnreadable(policy, "may not watch ConfigMap " + shop + "/others");

    // When
    admin
        .resources(Role.class)
        .inNamespace(shop)
        .withName("portcullis-operator-openapi")
        .edit(
            role -> {
              role.getRules().getFirst().getResourceNames().add("others");
              return role;
            });

    // Then
    awaitRead(policy, 1);
  }

  private void awaitRead(ApiBackendPolicy policy, int operations) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                documents.of(policy) instanceof Known.Now(var reading)
                    && reading.orElse(null) instanceof OpenApiReading.Read(var document)
                    && document.count() == operations);
  }

  private void awaitUnreadable(ApiBackendPolicy policy, String words) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                documents.of(policy) instanceof Known.Now(var reading)
                    && reading.orElse(null) instanceof OpenApiReading.Unreadable why
                    && why.sentence().contains(words));
  }

  private void awaitUnusable(ApiBackendPolicy policy, String words) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                documents.of(policy)
                        instanceof Known.Descriptors(DescriptorReading.Unusable(var why))
                    && why.contains(words));
  }

  private static void writeBinary(String name, String base64) {
    admin
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(shop)
                .withName(name)
                .endMetadata()
                .withBinaryData(Map.of("descriptors.pb", base64))
                .build())
        .forceConflicts()
        .serverSideApply();
  }

  private static void write(String name, Map<String, String> data) {
    admin
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(shop)
                .withName(name)
                .endMetadata()
                .withData(data)
                .build())
        .forceConflicts()
        .serverSideApply();
  }

  private static ApiBackendPolicy policy(String name, String configMap) {
    return policyOf(
        name,
        configMap == null ? "{}" : "{openApi: {configMapRef: {name: %s}}}".formatted(configMap));
  }

  private static ApiBackendPolicy transcoding(String name, String configMap) {
    return policyOf(
        name, "{backend: {transcoding: {configMapRef: {name: %s}}}}".formatted(configMap));
  }

  private static ApiBackendPolicy policyOf(String name, String spec) {
    return admin
        .getKubernetesSerialization()
        .unmarshal(
            """
            apiVersion: portcullis.dev/v1alpha1
            kind: ApiBackendPolicy
            metadata: {name: %s, namespace: %s, uid: %s, generation: 1}
            spec: %s
            """
                .formatted(name, shop, name, spec),
            ApiBackendPolicy.class);
  }

  /** Policies as a test has put them. */
  private static final class FakePolicies implements Views<ObservedPolicy> {

    private final Map<String, ObservedPolicy> held = new ConcurrentHashMap<>();
    private final List<Change<ObservedPolicy>> listeners = new CopyOnWriteArrayList<>();

    void put(ApiBackendPolicy policy) {
      ObservedPolicy after = new ObservedPolicy.Readable(policy, Optional.empty());
      var before = held.put(policy.getMetadata().getName(), after);
      listeners.forEach(each -> each.changed(Optional.ofNullable(before), Optional.of(after)));
    }

    void remove(String name) {
      var before = held.remove(name);
      listeners.forEach(each -> each.changed(Optional.ofNullable(before), Optional.empty()));
    }

    @Override
    public Optional<ObservedPolicy> get(String namespace, String name) {
      return Optional.ofNullable(held.get(name));
    }

    @Override
    public List<ObservedPolicy> in(String namespace) {
      return all();
    }

    @Override
    public List<ObservedPolicy> all() {
      return List.copyOf(held.values());
    }

    @Override
    public void onChange(Change<ObservedPolicy> listener) {
      listeners.add(listener);
    }
  }
}
