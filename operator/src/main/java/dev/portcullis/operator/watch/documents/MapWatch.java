package dev.portcullis.operator.watch.documents;

import dev.portcullis.operator.resolve.DocumentReferences.File;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The watch of one ConfigMap. It tries again for ever, and is used by one thread. */
final class MapWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(MapWatch.class);

  /** Which one. */
  record Name(String namespace, String name) {
    @Override
    public String toString() {
      return namespace + "/" + name;
    }

    boolean holds(File file) {
      return file.namespace().equals(namespace) && file.configMap().equals(name);
    }
  }

  private final SharedIndexInformer<ConfigMap> informer;
  private final Consumer<MapReading> listener;
  private Optional<MapReading> last = Optional.empty();

  private MapWatch(SharedIndexInformer<ConfigMap> informer, Consumer<MapReading> listener) {
    this.informer = informer;
    this.listener = listener;
  }

  /**
   * @param thread whose work everything is that follows
   * @param listener hears of each change
   */
  static MapWatch begin(
      KubernetesClient client, Name name, Executor thread, Consumer<MapReading> listener) {
    var informer =
        client.configMaps().inNamespace(name.namespace()).withName(name.name()).runnableInformer(0);
    var watch = new MapWatch(informer, listener);
    informer
        .addEventHandler(new Signal(() -> thread.execute(watch::look)))
        .exceptionHandler(
            (started, failure) -> {
              LOG.debug("ConfigMap {} cannot be watched for now", name, failure);
              thread.execute(() -> watch.failed(failure));
              return true;
            });
    informer.start().thenRun(() -> thread.execute(watch::look));
    return watch;
  }

  /** Empty while nothing is known. */
  Optional<MapReading> last() {
    return last;
  }

  /** Looks at what there is, not at what happened. */
  void look() {
    // After a refusal the last list still lies there.
    var isRefused = last.equals(Optional.of(new MapReading.Forbidden()));
    if (informer.hasSynced() && (informer.isWatching() || !isRefused)) {
      is(
          informer.getIndexer().list().stream()
              .findFirst()
              .<MapReading>map(MapReading.Found::of)
              .orElseGet(MapReading.Missing::new));
    }
  }

  @Override
  public void close() {
    informer.close();
  }

  /** An API server that is away says nothing about the ConfigMap. */
  private void failed(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof KubernetesClientException refused
          && refused.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        is(new MapReading.Forbidden());
        return;
      }
    }
  }

  private void is(MapReading now) {
    if (!last.equals(Optional.of(now))) {
      last = Optional.of(now);
      listener.accept(now);
    }
  }

  /** Every event means the same: look. */
  private record Signal(Runnable look) implements ResourceEventHandler<ConfigMap> {

    @Override
    public void onAdd(ConfigMap added) {
      look.run();
    }

    @Override
    public void onUpdate(ConfigMap before, ConfigMap after) {
      look.run();
    }

    @Override
    public void onDelete(ConfigMap gone, boolean unseen) {
      look.run();
    }
  }
}
