package dev.portcullis.operator.watch.jwks;

import dev.portcullis.operator.intent.KeySource;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.watch.certificates.Informers;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The ConfigMaps with key sets, in the operator's namespace. */
final class KeySetStore implements AutoCloseable {

  private final KubernetesClient client;
  private final String namespace;
  private final SharedIndexInformer<ConfigMap> objects;

  KeySetStore(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
    this.objects =
        client
            .configMaps()
            .inNamespace(namespace)
            .withLabel(Labels.KEY_SET, Labels.KEY_SET_VALUE)
            .runnableInformer(0);
  }

  /**
   * Returns at once.
   *
   * @param synced once all that is there can be read here
   * @param changed what is not the same as before; must not block
   */
  void start(Runnable synced, Consumer<KeySource> changed) {
    objects.addEventHandler(
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(ConfigMap object) {
            StoredKeySet.of(object).map(StoredKeySet::source).ifPresent(changed);
          }

          @Override
          public void onUpdate(ConfigMap before, ConfigMap object) {
            if (before.getData() == null || !before.getData().equals(object.getData())) {
              onAdd(before);
              onAdd(object);
            }
          }

          @Override
          public void onDelete(ConfigMap object, boolean unknownState) {
            onAdd(object);
          }
        });
    Informers.startForEver(objects, synced);
  }

  boolean hasSynced() {
    return objects.hasSynced();
  }

  Optional<StoredKeySet> get(KeySource source) {
    return Optional.ofNullable(
            objects.getStore().getByKey(namespace + "/" + StoredKeySet.nameOf(source)))
        .flatMap(StoredKeySet::of);
  }

  List<StoredKeySet> all() {
    return objects.getStore().list().stream()
        .flatMap(object -> StoredKeySet.of(object).stream())
        .toList();
  }

  /**
   * @throws KubernetesClientException when the API server does not take it
   */
  void write(StoredKeySet set) {
    var object = client.resource(set.in(namespace));
    try {
      if (objects.getStore().getByKey(namespace + "/" + StoredKeySet.nameOf(set.source()))
          == null) {
        object.create();
      } else {
        object.update();
      }
    } catch (KubernetesClientException behind) {
      switch (behind.getCode()) {
        case HttpURLConnection.HTTP_CONFLICT -> object.update();
        case HttpURLConnection.HTTP_NOT_FOUND -> object.create();
        default -> throw behind;
      }
    }
  }

  void delete(KeySource source) {
    client.configMaps().inNamespace(namespace).withName(StoredKeySet.nameOf(source)).delete();
  }

  @Override
  public void close() {
    objects.close();
  }
}
