package dev.portcullis.operator.watch.jwks;

import dev.portcullis.operator.intent.KeySource;
import dev.portcullis.operator.resolve.KeyReference;
import dev.portcullis.operator.watch.jwks.FetchOutcome.Failed;
import dev.portcullis.operator.watch.jwks.FetchOutcome.Fetched;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One leadership's asking. Who asks and when is decided on one thread; the asking itself has
 * others, so that an issuer that drips keeps nobody waiting but those of its own host.
 */
final class KeySetLoop implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KeySetLoop.class);
  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final int AT_ONCE = 16;
  private static final int AT_ONCE_PER_HOST = 2;
  private static final int MOST_PER_NAMESPACE = 64;

  private final KeySetKeeper.Parts parts;
  // Touched by the thread alone.
  private final Map<KeySource, Course> courses = new HashMap<>();
  private final Map<KeySource, Long> unused = new HashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("key-sets").factory());
  private final ExecutorService askers =
      Executors.newFixedThreadPool(
          AT_ONCE, Thread.ofPlatform().daemon().name("key-set-", 0).factory());

  KeySetLoop(KeySetKeeper.Parts parts) {
    this.parts = parts;
  }

  void start() {
    thread.scheduleWithFixedDelay(this::look, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** May be called from any thread, also after the end. */
  void lookSoon() {
    onThread(this::look);
  }

  @Override
  public void close() {
    thread.shutdownNow();
    askers.shutdownNow();
  }

  private void onThread(Runnable work) {
    try {
      thread.execute(work);
    } catch (RejectedExecutionException over) {
      LOG.debug("This replica leads no more");
    }
  }

  private void look() {
    if (!store().hasSynced() || !parts.leads().getAsBoolean()) {
      return;
    }
    try {
      var wanted = wanted();
      courses.keySet().retainAll(wanted.keySet());
      wanted.forEach(
          (source, interval) -> courses.computeIfAbsent(source, this::begun).wants(interval));
      ask();
      forgetUnused(wanted);
      parts.metrics().saw(wanted.keySet().stream().map(store()::get).toList());
    } catch (RuntimeException e) {
      LOG.error("Key sets could not be looked after", e);
    }
  }

  private KeySetStore store() {
    return parts.sets().store();
  }

  private long nanos() {
    return parts.nanos().getAsLong();
  }

  /** Each place once, with the shortest interval; in an order that all leaders agree on. */
  private Map<KeySource, Duration> wanted() {
    var byNamespace = new TreeMap<String, TreeMap<String, KeyReference>>();
    for (var policy : parts.sets().policies().all()) {
      policy.legible().stream()
          .flatMap(legible -> KeyReference.of(legible).stream())
          .filter(reference -> parts.sets().hosts().entryFor(reference.source()).isPresent())
          .forEach(
              reference ->
                  byNamespace
                      .computeIfAbsent(policy.key().namespace(), _ -> new TreeMap<>())
                      .merge(reference.source().toString(), reference, KeySetLoop::sooner));
    }
    var wanted = new HashMap<KeySource, Duration>();
    byNamespace.values().stream()
        .flatMap(references -> references.values().stream().limit(MOST_PER_NAMESPACE))
        .forEach(
            reference ->
                wanted.merge(
                    reference.source(),
                    reference.refresh(),
                    (one, other) -> one.compareTo(other) <= 0 ? one : other));
    return wanted;
  }

  private static KeyReference sooner(KeyReference one, KeyReference other) {
    return one.refresh().compareTo(other.refresh()) <= 0 ? one : other;
  }

  /** After a restart an issuer is asked when it would have been. */
  private Course begun(KeySource source) {
    return new Course(
        nanos(),
        store()
            .get(source)
            .filter(known -> known.failure().isEmpty())
            .flatMap(StoredKeySet::fetched)
            .map(at -> Duration.between(at, parts.clock().instant())));
  }

  private void ask() {
    var now = nanos();
    courses.entrySet().stream()
        .filter(course -> course.getValue().isDue(now))
        .sorted(Comparator.comparingLong(course -> course.getValue().due()))
        .forEach(
            course -> {
              if (askedNow(course.getKey().host()) < AT_ONCE_PER_HOST) {
                course.getValue().begin();
                askers.execute(() -> fetch(course.getKey()));
              }
            });
  }

  private long askedNow(String host) {
    return courses.entrySet().stream()
        .filter(course -> course.getValue().isRunning() && course.getKey().host().equals(host))
        .count();
  }

  private void fetch(KeySource source) {
    try {
      var outcome = parts.fetcher().fetch(source);
      onThread(() -> guarded(source, outcome));
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("{} could not be asked", source, e);
      onThread(() -> guarded(source, new Failed("Failed", "The operator failed: " + e)));
    }
  }

  private void guarded(KeySource source, FetchOutcome outcome) {
    var course = courses.get(source);
    if (course == null || !parts.leads().getAsBoolean()) {
      return;
    }
    parts.metrics().asked(parts.sets().hosts().entryFor(source).orElse("none"), outcome);
    try {
      switch (outcome) {
        case Fetched fetched -> store().write(told(source, fetched));
        case Failed failed -> note(source, failed, course);
      }
      course.end(outcome, nanos());
    } catch (KubernetesClientException away) {
      LOG.warn("The keys of {} could not be stored: {}", source, away.getMessage());
      course.end(new Failed("NotStored", "They could not be stored."), nanos());
    }
  }

  private StoredKeySet told(KeySource source, Fetched fetched) {
    return new StoredKeySet(
        source, fetched.keys(), Optional.of(parts.clock().instant()), Optional.empty());
  }

  /**
   * A failure is told once it is one: at once where nothing is known, later where keys count on.
   */
  private void note(KeySource source, Failed failed, Course course) {
    LOG.warn("{} gave no keys ({}): {}", source, failed.reason(), failed.message());
    var known =
        store()
            .get(source)
            .orElseGet(
                () -> new StoredKeySet(source, List.of(), Optional.empty(), Optional.empty()));
    if (!known.keys().isEmpty() && !course.hasFailedForLong() && known.failure().isEmpty()) {
      return;
    }
    var since = known.failure().map(StoredKeySet.Failure::since).orElseGet(parts.clock()::instant);
    var failure = new StoredKeySet.Failure(failed.reason(), failed.message(), since);
    if (!known.failure().equals(Optional.of(failure))) {
      store().write(new StoredKeySet(source, known.keys(), known.fetched(), Optional.of(failure)));
    }
  }

  /** A policy that is edited twice within the hour finds its keys again. */
  private void forgetUnused(Map<KeySource, Duration> wanted) {
    var now = nanos();
    var stored = store().all().stream().map(StoredKeySet::source).toList();
    unused.keySet().retainAll(stored);
    unused.keySet().removeAll(wanted.keySet());
    for (var source : stored) {
      if (!wanted.containsKey(source)
          && now - unused.computeIfAbsent(source, _ -> now) > Course.UNUSED.toNanos()) {
        store().delete(source);
        unused.remove(source);
      }
    }
  }
}
