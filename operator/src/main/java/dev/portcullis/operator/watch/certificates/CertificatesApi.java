package dev.portcullis.operator.watch.certificates;

import dev.portcullis.bootstrap.contract.KeyDelivery;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Optional;

/**
 * What this cluster serves of {@code certificates.k8s.io}. Both kinds have the same fields in
 * either version as far as the operator uses them, so they are handled untyped.
 *
 * @param requests PodCertificateRequests, if they are served
 * @param bundles ClusterTrustBundles, if they are served
 */
record CertificatesApi(
    Optional<ResourceDefinitionContext> requests, Optional<ResourceDefinitionContext> bundles) {

  private static final String GROUP = "certificates.k8s.io";
  private static final List<String> NEWEST_FIRST = List.of("v1", "v1beta1");

  static CertificatesApi discover(KubernetesClient client) {
    return new CertificatesApi(
        served(client, "PodCertificateRequest"), served(client, "ClusterTrustBundle"));
  }

  /** The best way that this cluster has: the kubelet's needs both kinds. */
  KeyDelivery delivery() {
    return requests.isPresent() && bundles.isPresent() ? KeyDelivery.KUBELET : KeyDelivery.STREAM;
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
