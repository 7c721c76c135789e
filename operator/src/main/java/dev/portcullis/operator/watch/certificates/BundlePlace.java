package dev.portcullis.operator.watch.certificates;

import dev.portcullis.bootstrap.contract.SidecarPaths;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The object in which the roots are published. */
public sealed interface BundlePlace {

  /** The object at the API server. */
  Resource<GenericKubernetesResource> in(KubernetesClient client);

  /** Puts the roots into an object that has only its metadata. */
  void fill(GenericKubernetesResource bundle, String pem);

  /** The roots that an object of this kind holds; an empty text if none. */
  String pemOf(GenericKubernetesResource found);

  /** Name of the object. */
  String name();

  /** For people. */
  String title();

  /** A ClusterTrustBundle, which any pod may mount. */
  record OfCluster(ResourceDefinitionContext api) implements BundlePlace {
    @Override
    public Resource<GenericKubernetesResource> in(KubernetesClient client) {
      return client.genericKubernetesResources(api).withName(name());
    }

    @Override
    public void fill(GenericKubernetesResource bundle, String pem) {
      bundle.setApiVersion(api.getGroup() + "/" + api.getVersion());
      bundle.setKind(api.getKind());
      bundle.setAdditionalProperty("spec", Map.of("signerName", Names.SIGNER, "trustBundle", pem));
    }

    @Override
    public String pemOf(GenericKubernetesResource found) {
      return text(found.get("spec", "trustBundle"));
    }

    @Override
    public String name() {
      return Names.TRUST_BUNDLE;
    }

    @Override
    public String title() {
      return "ClusterTrustBundle " + name();
    }
  }

  /** A ConfigMap, which the pods of its namespace may mount. */
  record OfNamespace(String namespace) implements BundlePlace {
    /** Where every such ConfigMap is. */
    public static final ResourceDefinitionContext API =
        new ResourceDefinitionContext.Builder()
            .withVersion("v1")
            .withKind("ConfigMap")
            .withPlural("configmaps")
            .withNamespaced(true)
            .build();

    private static final String FILE = Path.of(SidecarPaths.TRUST_BUNDLE).getFileName().toString();

    @Override
    public Resource<GenericKubernetesResource> in(KubernetesClient client) {
      return client.genericKubernetesResources(API).inNamespace(namespace).withName(name());
    }

    @Override
    public void fill(GenericKubernetesResource bundle, String pem) {
      bundle.setApiVersion(API.getVersion());
      bundle.setKind(API.getKind());
      bundle.getMetadata().setNamespace(namespace);
      bundle.setAdditionalProperty("data", Map.of(FILE, pem));
    }

    @Override
    public String pemOf(GenericKubernetesResource found) {
      return text(found.get("data", FILE));
    }

    @Override
    public String name() {
      return Names.TRUST_CONFIG_MAP;
    }

    @Override
    public String title() {
      return "ConfigMap " + namespace + "/" + name();
    }
  }

  private static String text(Object value) {
    return Optional.ofNullable(value).map(Object::toString).orElse("");
  }
}
