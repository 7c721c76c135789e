package dev.portcullis.operator.watch.delivery;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.resolve.openapi.OpenApiReading;
import dev.portcullis.operator.watch.documents.Documents;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Has no document, or what a test says; the same for every policy. */
final class FakeDocuments implements Documents {

  private final List<Consumer<BackendKey>> listeners = new CopyOnWriteArrayList<>();
  private volatile Known known = new Known.Now(Optional.empty());

  @Override
  public Known of(ApiBackendPolicy policy) {
    return known;
  }

  @Override
  public void onChange(Consumer<BackendKey> listener) {
    listeners.add(listener);
  }

  /** From now on, until {@link #read}. */
  void readNothing() {
    known = new Known.NotYet();
  }

  void read(BackendKey changed, OpenApiReading reading) {
    known = new Known.Now(Optional.of(reading));
    listeners.forEach(listener -> listener.accept(changed));
  }
}
