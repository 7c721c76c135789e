package dev.portcullis.operator.watch.certificates;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.portcullis.operator.identity.CaMaterial;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The Secret of the CA. It is created, and its issuing CA replaced; a root is never overwritten.
 */
final class CaStore {

  private final KubernetesClient client;
  private final String namespace;

  CaStore(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** Read live. */
  Optional<Secret> read() {
    return Optional.ofNullable(resource().get());
  }

  Resource<Secret> resource() {
    return client.secrets().inNamespace(namespace).withName(Names.CA_SECRET);
  }

  /** Fails with a conflict if there is one already. */
  void create(CaMaterial material) {
    var secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName(Names.CA_SECRET)
            .withNamespace(namespace)
            .addToLabels(Labels.MANAGED_BY, Labels.MANAGED_BY_VALUE)
            .endMetadata()
            .withType("Opaque")
            .withData(encoded(material.files()))
            .build();
    client.resource(secret).create();
  }

  /** Fails with a conflict if the Secret has changed since {@code secret} was read. */
  void replaceIssuing(Secret secret, CaMaterial material) {
    var files = encoded(material.files());
    var changed =
        new SecretBuilder(secret)
            .addToData(CaMaterial.ISSUING_CERTIFICATE, files.get(CaMaterial.ISSUING_CERTIFICATE))
            .addToData(CaMaterial.ISSUING_KEY, files.get(CaMaterial.ISSUING_KEY))
            .build();
    client.resource(changed).update();
  }

  /** One file of it as text; empty if there is none. */
  static String file(Secret secret, String name) {
    var content = Optional.ofNullable(secret.getData()).map(data -> data.get(name)).orElse("");
    return new String(Base64.getDecoder().decode(content), US_ASCII);
  }

  private static Map<String, String> encoded(Map<String, String> files) {
    var data = new TreeMap<String, String>();
    files.forEach(
        (name, pem) -> data.put(name, Base64.getEncoder().encodeToString(pem.getBytes(US_ASCII))));
    return data;
  }
}
