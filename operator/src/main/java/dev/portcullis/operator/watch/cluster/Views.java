package dev.portcullis.operator.watch.cluster;

import java.util.List;
import java.util.Optional;

/** The cluster's objects of one kind, as last heard of. */
public interface Views<V> {

  Optional<V> get(String namespace, String name);

  /** Those of one namespace, in no order. */
  List<V> in(String namespace);

  List<V> all();

  /** Calls after each change of a view, on the informer's thread: the listener must not block. */
  void onChange(Change<V> listener);

  /**
   * Hears of one change; {@code before} is empty for a new object, {@code after} for a gone one.
   */
  @FunctionalInterface
  interface Change<V> {
    void changed(Optional<V> before, Optional<V> after);
  }
}
