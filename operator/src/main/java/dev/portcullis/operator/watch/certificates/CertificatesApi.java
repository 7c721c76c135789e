package dev.portcullis.operator.watch.certificates;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Optional;

/**
 * The versions of {@code certificates.k8s.io} that this cluster serves. Both kinds have the same
 * fields in either version as far as the operator uses them, so they are handled untyped.
 */
record CertificatesApi(ResourceDefinitionContext requests, ResourceDefinitionContext bundles) {

  private static final String GROUP = "certificates.k8s.io";
  private static final List<String> NEWEST_FIRST = List.of("v1", "v1beta1");

  /** Empty if either kind is not served at all. */
  static Optional<CertificatesApi> discover(KubernetesClient client) {
    var requests = served(client, "PodCertificateRequest");
    var bundles = served(client, "ClusterTrustBundle");
    return requests.flatMap(first -> bundles.map(second -> new CertificatesApi(first, second)));
  }

  private static Optional<ResourceDefinitionContext> served(KubernetesClient client, String kind) {
    return NEWEST_FIRST.stream()
        .flatMap(version -> served(client, kind, version).stream())
        .findFirst();
  }

  private static Optional<ResourceDefinitionContext> served(
      KubernetesClient client, String kind, String version) {
    var resources = client.getApiResources(GROUP + "/" + version);
    if (resources == null) {
      return Optional.empty();
    }
    return resources.getResources().stream()
        .filter(resource -> resource.getKind().equals(kind))
        .filter(resource -> !resource.getName().contains("/"))
        .findFirst()
        .map(
            resource ->
                new ResourceDefinitionContext.Builder()
                    .withGroup(GROUP)
                    .withVersion(version)
                    .withKind(kind)
                    .withPlural(resource.getName())
                    .withNamespaced(resource.getNamespaced())
                    .build());
  }
}
