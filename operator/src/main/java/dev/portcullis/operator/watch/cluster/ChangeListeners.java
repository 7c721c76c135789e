package dev.portcullis.operator.watch.cluster;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners in their order; one that throws harms neither the others nor the informer. */
final class ChangeListeners<V> {

  private static final Logger LOG = LoggerFactory.getLogger(ChangeListeners.class);

  private final List<Views.Change<V>> listeners = new CopyOnWriteArrayList<>();

  void add(Views.Change<V> listener) {
    listeners.add(listener);
  }

  void tell(Optional<V> before, Optional<V> after) {
    for (var listener : listeners) {
      try {
        listener.changed(before, after);
      } catch (RuntimeException broken) {
        LOG.error("A listener failed on a change to {}", after.or(() -> before), broken);
      }
    }
  }
}
