package dev.portcullis.operator.watch.delivery;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Trust;
import dev.portcullis.operator.watch.outside.Trusts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Has read nothing, or what a test says; the same for every policy. */
final class FakeTrusts implements Trusts {

  private final List<Consumer<BackendKey>> listeners = new CopyOnWriteArrayList<>();
  private volatile Optional<Found> read = Optional.of(new Found(Map.of(), Map.of()));

  @Override
  public Optional<Found> of(ApiBackendPolicy policy) {
    return read;
  }

  @Override
  public void onChange(Consumer<BackendKey> listener) {
    listeners.add(listener);
  }

  /** From now on, until {@link #read}. */
  void readNothing() {
    read = Optional.empty();
  }

  void read(BackendKey changed, Map<Trust.Source, Trust.Material> materials) {
    read = Optional.of(new Found(materials, Map.of()));
    listeners.forEach(listener -> listener.accept(changed));
  }
}
