package dev.portcullis.operator.watch.delivery;

import dev.portcullis.operator.intent.BackendKey;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who calls whom. Written by one thread at a time, read by any. */
final class CallBook {

  private final Map<BackendKey, Set<BackendKey>> callers = new ConcurrentHashMap<>();
  private final Map<String, Set<BackendKey>> called = new ConcurrentHashMap<>();
  private final Map<BackendKey, Set<BackendKey>> backends = new ConcurrentHashMap<>();

  /** From now on a caller calls these; gives those that it called until now. */
  Set<BackendKey> enter(BackendKey caller, Set<BackendKey> now) {
    var before = now.isEmpty() ? backends.remove(caller) : backends.put(caller, Set.copyOf(now));
    now.forEach(backend -> add(backend, caller));
    var dropped = before == null ? new HashSet<BackendKey>() : new HashSet<>(before);
    dropped.removeAll(now);
    dropped.forEach(backend -> remove(backend, caller));
    return dropped;
  }

  Set<BackendKey> callersOf(BackendKey backend) {
    return callers.getOrDefault(backend, Set.of());
  }

  Set<BackendKey> calledBy(BackendKey caller) {
    return backends.getOrDefault(caller, Set.of());
  }

  boolean isCalled(BackendKey backend) {
    return callers.containsKey(backend);
  }

  /** The backends of a namespace that anybody calls. */
  Collection<BackendKey> calledIn(String namespace) {
    return called.getOrDefault(namespace, Set.of());
  }

  private void add(BackendKey backend, BackendKey caller) {
    callers.computeIfAbsent(backend, key -> ConcurrentHashMap.newKeySet()).add(caller);
    called.computeIfAbsent(backend.namespace(), key -> ConcurrentHashMap.newKeySet()).add(backend);
  }

  private void remove(BackendKey backend, BackendKey caller) {
    if (callers.computeIfPresent(backend, (key, all) -> without(all, caller)) == null) {
      called.computeIfPresent(backend.namespace(), (key, all) -> without(all, backend));
    }
  }

  private static Set<BackendKey> without(Set<BackendKey> all, BackendKey one) {
    all.remove(one);
    return all.isEmpty() ? null : all;
  }
}
