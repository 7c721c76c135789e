package dev.portcullis.operator.watch.delivery;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.KeySource;
import dev.portcullis.operator.intent.VerificationKey;
import dev.portcullis.operator.watch.jwks.KeySets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Has read nothing, or what a test says; the same for every policy. */
final class FakeKeySets implements KeySets {

  private final List<Consumer<BackendKey>> listeners = new CopyOnWriteArrayList<>();
  private volatile Optional<Map<KeySource, List<VerificationKey>>> read = Optional.of(Map.of());

  @Override
  public Optional<Map<KeySource, List<VerificationKey>>> of(ApiBackendPolicy policy) {
    return read;
  }

  @Override
  public Faults faults(ApiBackendPolicy policy) {
    return new Faults(0, List.of(), List.of());
  }

  @Override
  public void onChange(Consumer<BackendKey> listener) {
    listeners.add(listener);
  }

  /** From now on, until {@link #read}. */
  void readNothing() {
    read = Optional.empty();
  }

  void read(BackendKey changed) {
    read = Optional.of(Map.of());
    listeners.forEach(listener -> listener.accept(changed));
  }
}
