package dev.portcullis.operator.watch.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * An informer's store that keeps a view of each object instead of the object.
 *
 * <p>Views are up to date before the informer says that it has synced, which its event handlers do
 * not promise. Listeners hear of a change after it is readable here, on the informer's thread: they
 * must not block.
 */
final class ViewStore<T extends HasMetadata, V> implements ItemStore<T>, Views<V> {

  private record Kept<T, V>(T stub, V view) {}

  private final Map<String, Map<String, Kept<T, V>>> byNamespace = new ConcurrentHashMap<>();
  private final Function<T, V> view;
  private final Function<HasMetadata, T> stub;
  private final ChangeListeners<V> listeners = new ChangeListeners<>();

  ViewStore(Class<T> type, Function<T, V> view) {
    this.view = view;
    this.stub = source -> stub(type, source);
  }

  @Override
  public void onChange(Change<V> listener) {
    listeners.add(listener);
  }

  @Override
  public Optional<V> get(String namespace, String name) {
    return Optional.ofNullable(in(namespace, name)).map(Kept::view);
  }

  @Override
  public List<V> in(String namespace) {
    return byNamespace.getOrDefault(namespace, Map.of()).values().stream().map(Kept::view).toList();
  }

  @Override
  public List<V> all() {
    return byNamespace.values().stream()
        .map(Map::values)
        .flatMap(Collection::stream)
        .map(Kept::view)
        .toList();
  }

  @Override
  public T put(String key, T object) {
    var kept = new Kept<>(stub.apply(object), view.apply(object));
    var meta = object.getMetadata();
    var old =
        byNamespace
            .computeIfAbsent(namespaceOf(key), namespace -> new ConcurrentHashMap<>())
            .put(meta.getName(), kept);
    var before = old == null ? null : old.view();
    if (!Objects.equals(before, kept.view())) {
      listeners.tell(Optional.ofNullable(before), Optional.of(kept.view()));
    }
    return old == null ? null : old.stub();
  }

  @Override
  public T remove(String key) {
    var namespace = byNamespace.get(namespaceOf(key));
    var old = namespace == null ? null : namespace.remove(nameOf(key));
    if (old == null) {
      return null;
    }
    byNamespace.computeIfPresent(namespaceOf(key), (n, rest) -> rest.isEmpty() ? null : rest);
    listeners.tell(Optional.of(old.view()), Optional.empty());
    return old.stub();
  }

  @Override
  public T get(String key) {
    var kept = in(namespaceOf(key), nameOf(key));
    return kept == null ? null : kept.stub();
  }

  @Override
  public String getKey(T object) {
    return Cache.metaNamespaceKeyFunc(object);
  }

  @Override
  public Stream<String> keySet() {
    return values().map(this::getKey);
  }

  @Override
  public Stream<T> values() {
    return byNamespace.values().stream().flatMap(n -> n.values().stream()).map(Kept::stub);
  }

  @Override
  public int size() {
    return byNamespace.values().stream().mapToInt(Map::size).sum();
  }

  @Override
  public boolean isFullState() {
    return false;
  }

  private Kept<T, V> in(String namespace, String name) {
    return byNamespace.getOrDefault(namespace, Map.of()).get(name);
  }

  private static String namespaceOf(String key) {
    var slash = key.indexOf('/');
    return slash < 0 ? "" : key.substring(0, slash);
  }

  private static String nameOf(String key) {
    return key.substring(key.indexOf('/') + 1);
  }

  /** What the informer itself needs of an object: who it is, and of which version. */
  private static <T extends HasMetadata> T stub(Class<T> type, HasMetadata source) {
    try {
      var stub = type.getDeclaredConstructor().newInstance();
      var meta = source.getMetadata();
      stub.setMetadata(
          new ObjectMetaBuilder()
              .withNamespace(meta.getNamespace())
              .withName(meta.getName())
              .withUid(meta.getUid())
              .withResourceVersion(meta.getResourceVersion())
              .build());
      return stub;
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(type + " has no usable constructor", impossible);
    }
  }
}
