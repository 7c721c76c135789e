package dev.portcullis.operator.watch.jwks;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.KeySource;
import dev.portcullis.operator.intent.VerificationKey;
import dev.portcullis.operator.status.References.Fault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What issuers publish at the URLs that policies name. */
public interface KeySets {

  /**
   * What is wrong with the places that one policy names.
   *
   * @param places how many it names
   * @param missing of these there never were keys: nobody is let in
   * @param late the last good keys count, and the issuer gives no new ones
   */
  record Faults(int places, List<Fault> missing, List<Fault> late) {
    public Faults {
      missing = List.copyOf(missing);
      late = List.copyOf(late);
    }

    /** Whether it names any. */
    public boolean refers() {
      return places > 0;
    }
  }

  /** Empty until what is stored was read; a change follows then. */
  Optional<Map<KeySource, List<VerificationKey>>> of(ApiBackendPolicy policy);

  Faults faults(ApiBackendPolicy policy);

  /** Hears of policies for which any of this changed; the listener must not block. */
  void onChange(Consumer<BackendKey> listener);
}
