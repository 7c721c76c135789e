package dev.portcullis.operator.watch.outside;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.ApiKeys;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Trust;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What policies refer to outside of themselves. */
public interface Trusts {

  /**
   * What was found.
   *
   * @param authorities foreign CAs, by where they are kept
   * @param keys API keys, by the names of their Secrets
   */
  record Found(Map<Trust.Source, Trust.Material> authorities, Map<String, ApiKeys.Found> keys) {
    public Found {
      authorities = Map.copyOf(authorities);
      keys = Map.copyOf(keys);
    }
  }

  /** Empty while something of it is being read for the first time; a change follows then. */
  Optional<Found> of(ApiBackendPolicy policy);

  /** Hears of policies for which {@link #of} changed; the listener must not block. */
  void onChange(Consumer<BackendKey> listener);
}
