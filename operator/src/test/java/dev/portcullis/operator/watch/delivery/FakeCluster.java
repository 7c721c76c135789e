package dev.portcullis.operator.watch.delivery;

import dev.portcullis.operator.watch.cluster.Cluster;
import dev.portcullis.operator.watch.cluster.ObservedPod;
import dev.portcullis.operator.watch.cluster.ObservedPolicy;
import dev.portcullis.operator.watch.cluster.Views;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A cluster that holds what a test puts there. */
final class FakeCluster implements Cluster {

  final Kind<ObservedPolicy> policies = new Kind<>();
  final Kind<ObservedPod> pods = new Kind<>();

  @Override
  public Views<ObservedPolicy> policies() {
    return policies;
  }

  @Override
  public Views<ObservedPod> pods() {
    return pods;
  }

  @Override
  public boolean injects(String namespace) {
    return true;
  }

  @Override
  public List<String> injecting() {
    return List.of();
  }

  void apply(ObservedPolicy policy) {
    policies.put(policy.key().toString(), Optional.of(policy));
  }

  void delete(ObservedPolicy policy) {
    policies.put(policy.key().toString(), Optional.empty());
  }

  void apply(ObservedPod pod) {
    pods.put(pod.namespace() + "/" + pod.name(), Optional.of(pod));
  }

  static final class Kind<V> implements Views<V> {

    private final Map<String, V> objects = new ConcurrentSkipListMap<>();
    private final List<Change<V>> listeners = new CopyOnWriteArrayList<>();

    void put(String key, Optional<V> now) {
      var before =
          Optional.ofNullable(now.isPresent() ? objects.put(key, now.get()) : objects.remove(key));
      if (!Objects.equals(before, now)) {
        listeners.forEach(listener -> listener.changed(before, now));
      }
    }

    @Override
    public Optional<V> get(String namespace, String name) {
      return Optional.ofNullable(objects.get(namespace + "/" + name));
    }

    @Override
    public List<V> in(String namespace) {
      return objects.entrySet().stream()
          .filter(object -> object.getKey().startsWith(namespace + "/"))
          .map(Map.Entry::getValue)
          .toList();
    }

    @Override
    public List<V> all() {
      return List.copyOf(objects.values());
    }

    @Override
    public void onChange(Change<V> listener) {
      listeners.add(listener);
    }
  }
}
