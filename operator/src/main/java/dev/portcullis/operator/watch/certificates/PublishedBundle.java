package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.names.Labels;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.List;
import java.util.Optional;

/** The roots, as one object publishes them for pods to mount. */
public final class PublishedBundle {

  private final KubernetesClient client;
  private final BundlePlace place;

  public PublishedBundle(KubernetesClient client, BundlePlace place) {
    this.client = client;
    this.place = place;
  }

  Resource<GenericKubernetesResource> resource() {
    return place.in(client);
  }

  /** For people. */
  public String title() {
    return place.title();
  }

  /** Read live. */
  Optional<GenericKubernetesResource> read() {
    return Optional.ofNullable(resource().get());
  }

  /** What an object publishes; a damaged one publishes no root. */
  public TrustBundle rootsOf(GenericKubernetesResource bundle) {
    try {
      return TrustBundle.ofPem(place.pemOf(bundle));
    } catch (IllegalArgumentException e) {
      return new TrustBundle(List.of());
    }
  }

  /**
   * Creates it, or replaces the version that was found, unless it says so already.
   *
   * @return whether it wrote
   */
  public boolean publish(TrustBundle roots, Optional<GenericKubernetesResource> found) {
    if (found.isPresent() && place.pemOf(found.get()).equals(roots.pem())) {
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
    var bundle = new GenericKubernetesResource();
    bundle.setMetadata(
        new ObjectMetaBuilder()
            .withName(place.name())
            .addToLabels(Labels.MANAGED_BY, Labels.MANAGED_BY_VALUE)
            .withResourceVersion(
                found.map(each -> each.getMetadata().getResourceVersion()).orElse(null))
            .build());
    place.fill(bundle, roots.pem());
    return bundle;
  }
}
