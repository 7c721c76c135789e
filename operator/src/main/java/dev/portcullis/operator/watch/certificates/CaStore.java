package dev.portcullis.operator.watch.certificates;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.portcullis.operator.identity.SigningPair;
import dev.portcullis.operator.identity.rotation.Succession;
import dev.portcullis.operator.identity.rotation.SuccessionFiles;
import dev.portcullis.operator.identity.rotation.SuccessionInspection;
import dev.portcullis.operator.identity.rotation.SuccessionInspector;
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
 * The Secret of the CA. It is created once; after that only a sound succession is replaced, by the
 * one that comes after it.
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
  void create(Succession first) {
    var secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName(Names.CA_SECRET)
            .withNamespace(namespace)
            .addToLabels(Labels.MANAGED_BY, Labels.MANAGED_BY_VALUE)
            .endMetadata()
            .withType("Opaque")
            .withData(encoded(SuccessionFiles.write(first)))
            .build();
    client.resource(secret).create();
  }

  /** Adds what a root alone lacks; fails with a conflict if the Secret has changed meanwhile. */
  void complete(SigningPair root, Succession first) {
    read()
        .filter(live -> inspect(live).equals(new SuccessionInspection.RootOnly(root)))
        .ifPresent(live -> update(live, SuccessionFiles.write(first)));
  }

  /**
   * Writes what comes after, in one update, if the Secret holds exactly what comes before.
   *
   * @return whether it wrote; a watch that is behind, or another writer, makes it not
   */
  boolean replace(Succession before, Succession after) {
    var live =
        read().filter(found -> inspect(found).equals(new SuccessionInspection.Sound(before)));
    live.ifPresent(found -> update(found, SuccessionFiles.write(after)));
    return live.isPresent();
  }

  private static SuccessionInspection inspect(Secret secret) {
    return SuccessionInspector.inspect(CaAssessor.files(secret));
  }

  /** What is not ours in it stays. */
  private void update(Secret live, Map<String, String> files) {
    var data = new TreeMap<>(live.getData());
    data.keySet().removeIf(SuccessionFiles::isOurs);
    data.putAll(encoded(files));
    client.resource(new SecretBuilder(live).withData(data).build()).update();
  }

  private static Map<String, String> encoded(Map<String, String> files) {
    var data = new TreeMap<String, String>();
    files.forEach(
        (name, pem) -> data.put(name, Base64.getEncoder().encodeToString(pem.getBytes(US_ASCII))));
    return data;
  }
}
