package dev.portcullis.operator.watch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.watch.cluster.ObservedPolicy.Readable;
import dev.portcullis.operator.watch.cluster.ObservedPolicy.Unreadable;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

class PolicyReaderTest {

  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
  private static final String BACKEND = "backend: {port: 8080}";

  @Test
  void readsAPolicyOfItsOwnSchema() {
    assertThat(read("{matchLabels: {app: orders}}", BACKEND))
        .isInstanceOfSatisfying(
            Readable.class,
            read -> {
              assertThat(read.key()).isEqualTo(new BackendKey("shop", "orders"));
              assertThat(read.inForce()).contains("v1");
              assertThat(read.policy().getSpec().backend().port()).isEqualTo(8080);
            });
  }

  @Test
  void namesTheFieldThatItCannotRead() {
    assertThat(read("{matchLabels: {app: orders}}", "hardening: {capture: Ambient}"))
        .isInstanceOfSatisfying(
            Unreadable.class,
            read ->
                assertThat(read.message())
                    .contains("cannot read", "spec.hardening.capture: ", "Ambient"));
  }

  @Test
  void namesTheItemThatItCannotRead() {
    assertThat(read("{matchLabels: {app: orders}}", "routes: [{}, {methods: [GET, {}]}]"))
        .isInstanceOfSatisfying(
            Unreadable.class,
            read -> assertThat(read.message()).contains("spec.routes[1].methods[1]: "));
  }

  /** The pods stay the policy's: they are injected, and no other policy gets them. */
  @Test
  void whatCanBeReadStillSelects() {
    var policy =
        read(
            "{matchLabels: {app: orders}}",
            BACKEND + "\n  hardening: {capture: Ambient}\n  listener: {port: [9443], tls: 7}");

    assertThat(policy.inForce()).contains("v1");
    assertThat(policy.legible())
        .map(ApiBackendPolicy::getSpec)
        .hasValueSatisfying(
            spec -> {
              assertThat(spec.selector().matchLabels()).containsEntry("app", "orders");
              assertThat(spec.backend().port()).isEqualTo(8080);
              assertThat(spec.hardening().capture()).isNull();
            });
  }

  /** Half a selector may select more than the whole. */
  @Test
  void halfASelectorIsNone() {
    var selector =
        "{matchLabels: {app: orders}, matchExpressions: [{key: tier, operator: Like, values: [a]}]}";
    assertThat(read(selector, BACKEND).legible()).isEmpty();
    assertThat(read(selector, BACKEND)).isInstanceOf(Unreadable.class);
  }

  @Test
  void withoutASpecNothingIsLegible() {
    var policy = object("{matchLabels: {app: orders}}", BACKEND);
    policy.setAdditionalProperty("spec", "unheard of");

    assertThat(new PolicyReader(SERIALIZATION).read(policy))
        .isInstanceOfSatisfying(Unreadable.class, read -> assertThat(read.legible()).isEmpty());
  }

  @Test
  void aStatusOfAnotherSchemaDoesNotMatter() {
    var policy = object("{matchLabels: {app: orders}}", BACKEND);
    policy.setAdditionalProperty("status", "unheard of");

    assertThat(new PolicyReader(SERIALIZATION).read(policy)).isInstanceOf(Readable.class);
  }

  private static ObservedPolicy read(String selector, String field) {
    return new PolicyReader(SERIALIZATION).read(object(selector, field));
  }

  private static GenericKubernetesResource object(String selector, String field) {
    var yaml =
        """
        apiVersion: portcullis.dev/v1alpha1
        kind: ApiBackendPolicy
        metadata: {namespace: shop, name: orders, uid: u, generation: 3}
        status: {version: v1}
        spec:
          selector: %s
          %s
        """
            .formatted(selector, field);
    return SERIALIZATION.unmarshal(yaml, GenericKubernetesResource.class);
  }
}
