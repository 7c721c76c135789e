package dev.portcullis.operator.watch.outside;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Trust;
import dev.portcullis.operator.intent.Trust.Material;
import dev.portcullis.operator.resolve.TrustReferences;
import dev.portcullis.operator.watch.cluster.ObservedPolicy;
import dev.portcullis.operator.watch.cluster.Views;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the Secrets that policies refer to: at once when a policy begins to refer to one, and all
 * of them every period. One thread, so that no two looks meet.
 */
public final class ForeignTrusts implements Trusts, AutoCloseable {

  /** How long an edit of a Secret may go unseen. */
  public static final Duration PERIOD = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(ForeignTrusts.class);

  /** What it is made of; all of it lives as long as the operator. */
  public record Parts(
      KubernetesClient client, Views<ObservedPolicy> policies, Clock clock, Duration period) {}

  private record Place(String namespace, Trust.Source source) {}

  private final Parts parts;
  private final Map<Place, TrustJudge.Verdict> verdicts = new ConcurrentHashMap<>();
  private final List<Consumer<BackendKey>> listeners = new CopyOnWriteArrayList<>();
  // Touched by the thread alone.
  private final Map<SecretReading.Name, SecretReading> readings = new HashMap<>();
  private final KeySecrets keys;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("foreign-trusts").factory());

  public ForeignTrusts(Parts parts) {
    this.parts = parts;
    keys = new KeySecrets(parts.client());
  }

  /** Returns when everything that policies refer to now was looked at. */
  public void start() throws InterruptedException {
    parts.policies().onChange((before, after) -> after.ifPresent(this::policyChanged));
    try {
      thread.submit(this::round).get();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
    long period = parts.period().toMillis();
    thread.scheduleWithFixedDelay(this::round, period, period, TimeUnit.MILLISECONDS);
  }

  @Override
  public Optional<Found> of(ApiBackendPolicy policy) {
    var found = new HashMap<Trust.Source, Material>();
    for (var place : placesOf(policy)) {
      var verdict = verdicts.get(place);
      if (verdict == null) {
        return Optional.empty();
      }
      found.put(place.source(), verdict.material());
    }
    return keys.of(policy).map(known -> new Found(found, known));
  }

  @Override
  public void onChange(Consumer<BackendKey> listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private void policyChanged(ObservedPolicy policy) {
    var known =
        verdicts.keySet().containsAll(placesOf(policy)) && keys.know(KeySecrets.namesOf(policy));
    if (!known && !thread.isShutdown()) {
      thread.execute(() -> guarded(() -> lookFor(policy)));
    }
  }

  private void lookFor(ObservedPolicy policy) {
    var unknown = new HashSet<>(placesOf(policy));
    unknown.removeAll(verdicts.keySet());
    read(unknown);
    judge(unknown);
    keys.read(KeySecrets.namesOf(policy));
    tell(policy.key());
  }

  private void round() {
    guarded(
        () -> {
          var policies = parts.policies().all();
          var places =
              policies.stream()
                  .flatMap(policy -> placesOf(policy).stream())
                  .collect(Collectors.toSet());
          verdicts.keySet().retainAll(places);
          readings.keySet().retainAll(secretsOf(places));
          read(places);
          var changed = judge(places);
          var changedKeys = keys.readOnly(policies);
          policies.stream()
              .filter(
                  policy ->
                      placesOf(policy).stream().anyMatch(changed::contains)
                          || KeySecrets.namesOf(policy).stream().anyMatch(changedKeys::contains))
              .forEach(policy -> tell(policy.key()));
        });
  }

  /** Where the API server gives no answer, the last one counts. */
  private void read(Collection<Place> places) {
    for (var name : secretsOf(places)) {
      var reading = SecretReading.of(parts.client(), name);
      if (reading instanceof SecretReading.Unanswered(var message)) {
        LOG.warn("Secret {} could not be read: {}", name, message);
        readings.putIfAbsent(name, reading);
      } else {
        readings.put(name, reading);
      }
    }
  }

  private Set<Place> judge(Collection<Place> places) {
    var now = parts.clock().instant();
    var changed = new HashSet<Place>();
    for (var place : places) {
      var judge =
          new TrustJudge(
              place.namespace(),
              name -> readings.get(new SecretReading.Name(place.namespace(), name)));
      var before = verdicts.get(place);
      if (before != null
          && now.isBefore(before.until())
          && before.files().equals(judge.files(place.source()))) {
        continue;
      }
      var verdict = judge.judge(place.source(), now);
      verdicts.put(place, verdict);
      if (before == null || !before.material().equals(verdict.material())) {
        changed.add(place);
      }
    }
    return changed;
  }

  private void tell(BackendKey policy) {
    listeners.forEach(listener -> listener.accept(policy));
  }

  private static void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.error("Secrets that policies refer to could not be looked at", e);
    }
  }

  private static Set<Place> placesOf(ObservedPolicy policy) {
    return switch (policy) {
      case ObservedPolicy.Readable readable -> placesOf(readable.policy());
      case ObservedPolicy.Unreadable _ -> Set.of();
    };
  }

  private static Set<Place> placesOf(ApiBackendPolicy policy) {
    return TrustReferences.of(policy).stream()
        .map(source -> new Place(policy.getMetadata().getNamespace(), source))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Set<SecretReading.Name> secretsOf(Collection<Place> places) {
    return places.stream()
        .flatMap(
            place ->
                TrustReferences.secretsOf(Set.of(place.source())).stream()
                    .map(name -> new SecretReading.Name(place.namespace(), name)))
        .collect(Collectors.toSet());
  }
}
