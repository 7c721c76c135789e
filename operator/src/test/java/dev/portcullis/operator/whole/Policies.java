package dev.portcullis.operator.whole;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.api.v1alpha1.ApiBackendPolicyStatus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What a user does with the policy {@code orders} of a namespace, and reads of it. */
record Policies(KubernetesClient admin, String namespace) {

  private static final String POLICY =
      """
      apiVersion: portcullis.dev/v1alpha1
      kind: ApiBackendPolicy
      metadata: {name: orders, namespace: %s}
      spec:
        selector: {matchLabels: {app: orders}}
        backend: {port: 8080}
        callers:
          - name: shop
            serviceAccounts: [{name: caller}]
        routes:
          - name: only
            path: {exact: %s}
            methods: [GET]
      """;

  /** Applies a policy that knows one path; returns its generation. */
  long apply(String path) {
    return applyText(POLICY.formatted(namespace, path));
  }

  /** Applies one that says this much; returns its generation. */
  long applySpec(String spec) {
    var metadata = POLICY.substring(0, POLICY.indexOf("spec:")).formatted(namespace);
    return applyText(metadata + "spec:\n" + spec.indent(2));
  }

  /** Applies one that knows the first path, for another service account; returns its generation. */
  long applyCalledBy(String account) {
    return applyText(POLICY.replace("caller}", account + "}").formatted(namespace, "/first"));
  }

  /** Applies one that says how connections are captured; returns its generation. */
  long applyCaptured(String how) {
    var policy =
        admin
            .getKubernetesSerialization()
            .unmarshal(POLICY.formatted(namespace, "/first"), GenericKubernetesResource.class);
    policy.<Map<String, Object>>get("spec").put("hardening", Map.of("capture", how));
    return admin
        .resource(policy)
        .fieldManager("user")
        .forceConflicts()
        .serverSideApply()
        .getMetadata()
        .getGeneration();
  }

  /** Applies one that knows the first path, over HTTP/3 too; returns its generation. */
  long applyWithHttp3() {
    return applyText(POLICY.formatted(namespace, "/first").concat("  listener: {http3: {}}\n"));
  }

  /** Applies one that knows what an OpenAPI document in this ConfigMap has; its generation. */
  long applyDocumentedBy(String configMap) {
    var routes = POLICY.indexOf("  routes:");
    var policy = POLICY.substring(0, routes) + "  openApi: {configMapRef: {name: %s}}\n";
    return applyText(policy.formatted(namespace, configMap));
  }

  private long applyText(String policy) {
    return admin
        .resource(admin.getKubernetesSerialization().unmarshal(policy, ApiBackendPolicy.class))
        .fieldManager("user")
        .forceConflicts()
        .serverSideApply()
        .getMetadata()
        .getGeneration();
  }

  void annotate(String key, String value) {
    resource()
        .edit(
            policy -> {
              policy.getMetadata().getAnnotations().put(key, value);
              return policy;
            });
  }

  void unannotate(String key) {
    resource()
        .edit(
            policy -> {
              policy.getMetadata().getAnnotations().remove(key);
              return policy;
            });
  }

  void delete() {
    resource().delete();
  }

  String resourceVersion() {
    return stored().getMetadata().getResourceVersion();
  }

  ApiBackendPolicyStatus status() {
    return status(stored());
  }

  boolean hasEvent(String reason) {
    return admin.events().v1().events().inNamespace(namespace).list().getItems().stream()
        .anyMatch(event -> event.getReason().equals(reason));
  }

  /** {@code True/Enforced} or the like; speaks of the newest generation only. */
  String says(String type) {
    var policy = stored();
    return condition(status(policy), type)
        .filter(
            condition ->
                Objects.equals(
                    condition.getObservedGeneration(), policy.getMetadata().getGeneration()))
        .map(condition -> condition.getStatus() + "/" + condition.getReason())
        .orElse("nothing");
  }

  String message(String type) {
    return condition(status(), type).map(Condition::getMessage).orElse("");
  }

  private ApiBackendPolicyStatus status(GenericKubernetesResource policy) {
    return admin
        .getKubernetesSerialization()
        .convertValue(policy.getAdditionalProperties().get("status"), ApiBackendPolicyStatus.class);
  }

  private static Optional<Condition> condition(ApiBackendPolicyStatus status, String type) {
    return Optional.ofNullable(status)
        .map(ApiBackendPolicyStatus::conditions)
        .orElse(List.of())
        .stream()
        .filter(condition -> condition.getType().equals(type))
        .findFirst();
  }

  /** As it is, whether a typed client could read it or not. */
  private GenericKubernetesResource stored() {
    return admin
        .genericKubernetesResources(
            ResourceDefinitionContext.fromResourceType(ApiBackendPolicy.class))
        .inNamespace(namespace)
        .withName("orders")
        .get();
  }

  private Resource<ApiBackendPolicy> resource() {
    return admin.resources(ApiBackendPolicy.class).inNamespace(namespace).withName("orders");
  }
}
