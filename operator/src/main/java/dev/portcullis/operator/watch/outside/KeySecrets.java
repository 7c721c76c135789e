package dev.portcullis.operator.watch.outside;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.ApiKeys;
import dev.portcullis.operator.resolve.ApiKeyReferences;
import dev.portcullis.operator.watch.cluster.ObservedPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Secrets of API keys. What is kept of them are digests. */
final class KeySecrets {

  private static final Logger LOG = LoggerFactory.getLogger(KeySecrets.class);

  private final KubernetesClient client;
  private final Map<SecretReading.Name, ApiKeys.Found> found = new ConcurrentHashMap<>();

  KeySecrets(KubernetesClient client) {
    this.client = client;
  }

  static Set<SecretReading.Name> namesOf(ObservedPolicy policy) {
    return policy.legible().map(KeySecrets::namesOf).orElse(Set.of());
  }

  boolean know(Set<SecretReading.Name> names) {
    return found.keySet().containsAll(names);
  }

  /** By the Secrets' names; empty while one of them is being read for the first time. */
  Optional<Map<String, ApiKeys.Found>> of(ApiBackendPolicy policy) {
    var result = new HashMap<String, ApiKeys.Found>();
    for (var name : namesOf(policy)) {
      var known = found.get(name);
      if (known == null) {
        return Optional.empty();
      }
      result.put(name.name(), known);
    }
    return Optional.of(result);
  }

  /** All that these policies refer to; the rest is forgotten. Returns what changed. */
  Set<SecretReading.Name> readOnly(Collection<ObservedPolicy> policies) {
    var names =
        policies.stream()
            .flatMap(policy -> namesOf(policy).stream())
            .collect(Collectors.toUnmodifiableSet());
    found.keySet().retainAll(names);
    return read(names);
  }

  /** Returns what changed. Where the API server gives no answer, the last one counts. */
  Set<SecretReading.Name> read(Set<SecretReading.Name> names) {
    var changed = new HashSet<SecretReading.Name>();
    for (var name : names) {
      switch (SecretReading.of(client, name)) {
        case SecretReading.Unanswered(var message) -> {
          LOG.warn("Secret {} could not be read: {}", name, message);
          var unread =
              fault("SecretUnreadable", "Secret %s could not be read yet.".formatted(name));
          if (found.putIfAbsent(name, unread) == null) {
            changed.add(name);
          }
        }
        case SecretReading.Found secret ->
            put(name, KeyFile.read(name.toString(), secret.files()), changed);
        case SecretReading.Missing() ->
            put(name, fault("SecretMissing", "Secret %s is not there.".formatted(name)), changed);
        case SecretReading.Forbidden() ->
            put(
                name,
                fault(
                    "Forbidden",
                    "The operator may not read Secret %s: grant it, by name.".formatted(name)),
                changed);
      }
    }
    return changed;
  }

  private void put(SecretReading.Name name, ApiKeys.Found now, Set<SecretReading.Name> changed) {
    if (!now.equals(found.put(name, now))) {
      changed.add(name);
    }
  }

  private static ApiKeys.Found fault(String reason, String message) {
    return new ApiKeys.Found(List.of(), List.of(new ApiKeys.Fault(reason, message)));
  }

  private static Set<SecretReading.Name> namesOf(ApiBackendPolicy policy) {
    var namespace = policy.getMetadata().getNamespace();
    return ApiKeyReferences.of(policy).stream()
        .map(name -> new SecretReading.Name(namespace, name))
        .collect(Collectors.toUnmodifiableSet());
  }
}
