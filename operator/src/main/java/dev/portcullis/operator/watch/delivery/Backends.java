package dev.portcullis.operator.watch.delivery;

import dev.portcullis.operator.intent.BackendKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** What this replica made of each policy, kept as long as the policy is there. */
public final class Backends {

  private final ConcurrentHashMap<BackendKey, BackendState> states = new ConcurrentHashMap<>();
  private final List<Consumer<BackendKey>> listeners = new CopyOnWriteArrayList<>();

  public Optional<BackendState> get(BackendKey key) {
    return Optional.ofNullable(states.get(key));
  }

  /** Calls after each change; the listener must not block. */
  public void onChange(Consumer<BackendKey> listener) {
    listeners.add(listener);
  }

  /** Number of policies known. */
  public int size() {
    return states.size();
  }

  void put(BackendState state) {
    if (!state.equals(states.put(state.key(), state))) {
      listeners.forEach(listener -> listener.accept(state.key()));
    }
  }

  void forget(BackendKey key) {
    if (states.remove(key) != null) {
      listeners.forEach(listener -> listener.accept(key));
    }
  }
}
