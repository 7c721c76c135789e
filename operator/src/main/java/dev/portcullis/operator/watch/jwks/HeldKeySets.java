package dev.portcullis.operator.watch.jwks;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.KeySource;
import dev.portcullis.operator.intent.VerificationKey;
import dev.portcullis.operator.resolve.KeyReference;
import dev.portcullis.operator.status.References.Fault;
import dev.portcullis.operator.watch.cluster.ObservedPolicy;
import dev.portcullis.operator.watch.cluster.Views;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The key sets as they are stored, on every replica. Asks nobody but the API server. */
public final class HeldKeySets implements KeySets, AutoCloseable {

  private final Views<ObservedPolicy> policies;
  private final AllowedHosts hosts;
  private final KeySetStore store;
  private final List<Consumer<BackendKey>> listeners = new CopyOnWriteArrayList<>();

  /**
   * Reads nothing yet.
   *
   * @param namespace the operator's own
   */
  public HeldKeySets(
      KubernetesClient client,
      String namespace,
      Views<ObservedPolicy> policies,
      AllowedHosts hosts) {
    this.policies = policies;
    this.hosts = hosts;
    this.store = new KeySetStore(client, namespace);
  }

  /** Returns at once; where no host is allowed nothing is read. */
  public void start() {
    if (!hosts.isEmpty()) {
      store.start(() -> tell(_ -> true), source -> tell(source::equals));
    }
  }

  @Override
  public Optional<Map<KeySource, List<VerificationKey>>> of(ApiBackendPolicy policy) {
    var found = new HashMap<KeySource, List<VerificationKey>>();
    for (var reference : KeyReference.of(policy)) {
      var source = reference.source();
      if (hosts.entryFor(source).isPresent()) {
        if (!store.hasSynced()) {
          return Optional.empty();
        }
        store.get(source).ifPresent(set -> found.put(source, set.keys()));
      }
    }
    return Optional.of(found);
  }

  @Override
  public Faults faults(ApiBackendPolicy policy) {
    var missing = new ArrayList<Fault>();
    var late = new ArrayList<Fault>();
    var references = KeyReference.of(policy);
    for (var reference : references) {
      var field = "spec.authentication.jwt[%d].jwks".formatted(reference.issuer());
      var set = store.hasSynced() ? store.get(reference.source()) : Optional.<StoredKeySet>empty();
      if (hosts.entryFor(reference.source()).isEmpty()
          || set.filter(known -> !known.keys().isEmpty()).isEmpty()) {
        missing.add(missing(field, reference.source(), set));
      } else {
        set.flatMap(known -> late(field, known)).ifPresent(late::add);
      }
    }
    return new Faults(references.size(), missing, late);
  }

  @Override
  public void onChange(Consumer<BackendKey> listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    store.close();
  }

  KeySetStore store() {
    return store;
  }

  Views<ObservedPolicy> policies() {
    return policies;
  }

  AllowedHosts hosts() {
    return hosts;
  }

  private Fault missing(String field, KeySource source, Optional<StoredKeySet> set) {
    if (hosts.entryFor(source).isEmpty()) {
      return new Fault(
          field,
          "HostNotAllowed",
          "The installation does not let the operator ask %s:%d (jwks.allowedHosts of the chart)."
              .formatted(source.host(), source.port()));
    }
    return set.flatMap(StoredKeySet::failure)
        .map(
            failure ->
                new Fault(
                    field,
                    failure.reason(),
                    "%s never gave keys: %s".formatted(source.url(), failure.message())))
        .orElseGet(() -> new Fault(field, "NotAsked", source.url() + " was not asked yet."));
  }

  private static Optional<Fault> late(String field, StoredKeySet set) {
    return set.failure()
        .map(
            failure ->
                new Fault(
                    field,
                    failure.reason(),
                    "%s gives no keys since %s: %s Those of %s count on."
                        .formatted(
                            set.source().url(),
                            failure.since(),
                            failure.message(),
                            set.fetched().map(Object::toString).orElse("before"))));
  }

  private void tell(Predicate<KeySource> which) {
    policies.all().stream()
        .filter(
            policy ->
                policy.legible().stream()
                    .flatMap(legible -> KeyReference.of(legible).stream())
                    .map(KeyReference::source)
                    .anyMatch(which))
        .map(ObservedPolicy::key)
        .forEach(key -> listeners.forEach(listener -> listener.accept(key)));
  }
}
