package dev.portcullis.operator.explain;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Mesh;
import dev.portcullis.operator.intent.RateService;
import dev.portcullis.operator.intent.SpiffeId;
import dev.portcullis.operator.resolve.BackendView;
import dev.portcullis.operator.resolve.DocumentReferences;
import dev.portcullis.operator.resolve.DocumentReferences.File;
import dev.portcullis.operator.resolve.PolicyResolver;
import dev.portcullis.operator.resolve.Resolution.Resolved;
import dev.portcullis.operator.resolve.Resolution.Unresolved;
import dev.portcullis.operator.resolve.descriptors.DescriptorReader;
import dev.portcullis.operator.resolve.openapi.OpenApiReader;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Policies as {@code kubectl get} prints them or a file holds them, and what they refer to. */
record Policies(List<ApiBackendPolicy> policies, List<ConfigMap> maps) {

  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  static {
    YAML.registerKubernetesResource(ApiBackendPolicy.class);
  }

  /**
   * Of YAML documents or JSON, lists among them; other kinds are left out.
   *
   * @throws IllegalArgumentException where a document is no Kubernetes object
   */
  static Policies read(String text) {
    var objects =
        Arrays.stream(text.split("(?m)^---\\s*$"))
            .filter(document -> !document.isBlank())
            .map(Policies::parse)
            .flatMap(Policies::unpacked)
            .toList();
    return new Policies(of(ApiBackendPolicy.class, objects), of(ConfigMap.class, objects));
  }

  private static Object parse(String document) {
    try {
      return YAML.unmarshal(document);
    } catch (RuntimeException unreadable) {
      throw new IllegalArgumentException(
          "this is no Kubernetes object: %s%n%s"
              .formatted(unreadable.getMessage(), document.strip()),
          unreadable);
    }
  }

  private static Stream<?> unpacked(Object object) {
    return object instanceof KubernetesResourceList<?> list
        ? list.getItems().stream()
        : Stream.of(object);
  }

  private static <T extends HasMetadata> List<T> of(Class<T> kind, List<?> objects) {
    var found = objects.stream().filter(kind::isInstance).map(kind::cast).toList();
    found.stream()
        .filter(each -> each.getMetadata().getNamespace() == null)
        .forEach(each -> each.getMetadata().setNamespace("default"));
    return found;
  }

  /** Those of that name, {@code namespace/name} or the name alone; all where none is given. */
  List<ApiBackendPolicy> named(Optional<String> name) {
    return policies.stream()
        .filter(
            policy ->
                name.isEmpty()
                    || name.get().equals(nameOf(policy))
                    || name.get().equals(policy.getMetadata().getName()))
        .toList();
  }

  static String nameOf(ApiBackendPolicy policy) {
    return policy.getMetadata().getNamespace() + "/" + policy.getMetadata().getName();
  }

  /**
   * What the policy means, by the operator's own reading.
   *
   * @throws IllegalArgumentException with the policy's problems when it means nothing
   */
  BackendIntent meaning(ApiBackendPolicy policy, String trustDomain) {
    var operator =
        SpiffeId.ofServiceAccount(trustDomain, "portcullis-system", "portcullis-operator");
    var view =
        new BackendView(
            policy,
            List.of(),
            Map.of(),
            new Mesh(trustDomain, operator).with(someRateService(operator)),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            document(policy, DocumentReferences.Kind.OPENAPI, ConfigMap::getData)
                .map(OpenApiReader::read),
            document(policy, DocumentReferences.Kind.DESCRIPTOR_SET, ConfigMap::getBinaryData)
                .map(DescriptorReader::read),
            1);
    return switch (PolicyResolver.resolve(view)) {
      case Resolved(var intent) -> intent;
      case Unresolved(var problems) ->
          throw new IllegalArgumentException(
              "policy %s is not accepted: %s %s"
                  .formatted(
                      nameOf(policy), problems.getFirst().field(), problems.getFirst().message()));
    };
  }

  /** Whether the installation has one is not in the policy, nor is it part of any answer. */
  private static RateService someRateService(SpiffeId identity) {
    return new RateService("localhost", 8081, identity, "unknown");
  }

  private Optional<String> document(
      ApiBackendPolicy policy,
      DocumentReferences.Kind kind,
      Function<ConfigMap, Map<String, String>> content) {
    return DocumentReferences.of(policy)
        .filter(file -> file.kind() == kind)
        .map(
            file ->
                maps.stream()
                    .filter(map -> isNamed(map, file))
                    .map(content)
                    .flatMap(texts -> Stream.ofNullable(texts.get(file.key())))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "policy %s refers to ConfigMap %s, which is not among the objects"
                                    .formatted(nameOf(policy), file))));
  }

  private static boolean isNamed(ConfigMap map, File file) {
    return map.getMetadata().getNamespace().equals(file.namespace())
        && map.getMetadata().getName().equals(file.configMap());
  }
}
