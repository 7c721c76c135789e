package dev.portcullis.operator.watch.outside;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Trust;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What policies refer to outside of themselves. */
public interface Trusts {

  /** Empty while something of it is being read for the first time; a change follows then. */
  Optional<Map<Trust.Source, Trust.Material>> of(ApiBackendPolicy policy);

  /** Hears of policies for which {@link #of} changed; the listener must not block. */
  void onChange(Consumer<BackendKey> listener);
}
