package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The ClusterTrustBundle that pods mount. */
final class PublishedBundle {

  private final KubernetesClient client;
  private final ResourceDefinitionContext api;

  PublishedBundle(KubernetesClient client, ResourceDefinitionContext api) {
    this.client = client;
    this.api = api;
  }

  Resource<GenericKubernetesResource> resource() {
    return client.genericKubernetesResources(api).withName(Names.TRUST_BUNDLE);
  }

  /** Read live. */
  Optional<GenericKubernetesResource> read() {
    return Optional.ofNullable(resource().get());
  }

  /** What an object publishes; a damaged one publishes no root. */
  static TrustBundle rootsOf(GenericKubernetesResource bundle) {
    try {
      return TrustBundle.ofPem(pemOf(bundle));
    } catch (IllegalArgumentException e) {
      return new TrustBundle(List.of());
    }
  }

  /**
   * Creates it, or replaces the version that was found, unless it says so already.
   *
   * @return whether it wrote
   */
  boolean publish(TrustBundle roots, Optional<GenericKubernetesResource> found) {
    if (found.isPresent() && pemOf(found.get()).equals(roots.pem())) {
      return false;
    }
    var writable = client.resource(desired(roots, found));
    if (found.isPresent()) {
      writable.update();
    } else {
      writable.create();
    }
    return true;
  }

  private GenericKubernetesResource desired(
      TrustBundle roots, Optional<GenericKubernetesResource> found) {
    var metadata =
        new ObjectMetaBuilder()
            .withName(Names.TRUST_BUNDLE)
            .addToLabels(Labels.MANAGED_BY, Labels.MANAGED_BY_VALUE)
            .withResourceVersion(
                found.map(bundle -> bundle.getMetadata().getResourceVersion()).orElse(null))
            .build();
    var bundle = new GenericKubernetesResource();
    bundle.setApiVersion(api.getGroup() + "/" + api.getVersion());
    bundle.setKind(api.getKind());
    bundle.setMetadata(metadata);
    bundle.setAdditionalProperty(
        "spec", Map.of("signerName", Names.SIGNER, "trustBundle", roots.pem()));
    return bundle;
  }

  private static String pemOf(GenericKubernetesResource bundle) {
    return Optional.<Object>ofNullable(bundle.get("spec", "trustBundle"))
        .map(Object::toString)
        .orElse("");
  }
}
