package dev.portcullis.operator.watch.jwks;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What the leader counts; gauges are zero on replicas that follow. */
public final class KeySetMetrics {

  private static final Counts NOTHING = new Counts(0, 0, 0, Optional.empty());

  private final MeterRegistry registry;
  private final InstantSource clock;
  private volatile Counts counts = NOTHING;

  private record Counts(long sets, long missing, long stale, Optional<Instant> oldest) {}

  public KeySetMetrics(MeterRegistry registry, InstantSource clock) {
    this.registry = registry;
    this.clock = clock;
    Gauge.builder("portcullis.jwks.sets", this, metrics -> metrics.counts.sets())
        .description("Places at which issuers publish keys, and which policies name")
        .register(registry);
    Gauge.builder("portcullis.jwks.sets.missing", this, metrics -> metrics.counts.missing())
        .description("Those that never gave keys: nobody is let in by them")
        .register(registry);
    Gauge.builder("portcullis.jwks.sets.stale", this, metrics -> metrics.counts.stale())
        .description("Those whose last good keys count because there are no new ones")
        .register(registry);
    Gauge.builder("portcullis.jwks.age", this, KeySetMetrics::age)
        .baseUnit("seconds")
        .description("How long ago the issuer was heard that was not heard for longest")
        .register(registry);
  }

  /**
   * @param entry of the installation that allows the host: a tenant can make up any number of hosts
   */
  void asked(String entry, FetchOutcome outcome) {
    var word =
        switch (outcome) {
          case FetchOutcome.Fetched _ -> "Fetched";
          case FetchOutcome.Failed failed -> failed.reason();
        };
    registry.counter("portcullis.jwks.fetches", "host", entry, "outcome", word).increment();
    if (outcome instanceof FetchOutcome.Fetched(_, var skipped)) {
      registry.counter("portcullis.jwks.keys.skipped", "host", entry).increment(skipped);
    }
  }

  void saw(Collection<Optional<StoredKeySet>> sets) {
    var known = sets.stream().flatMap(Optional::stream).filter(s -> !s.keys().isEmpty()).toList();
    counts =
        new Counts(
            sets.size(),
            sets.size() - known.size(),
            known.stream().filter(set -> set.failure().isPresent()).count(),
            known.stream().flatMap(set -> set.fetched().stream()).min(Comparator.naturalOrder()));
  }

  void clear() {
    counts = NOTHING;
  }

  private double age() {
    return counts
        .oldest()
        .map(oldest -> Duration.between(oldest, clock.instant()).toMillis() / 1000.0)
        .orElse(0.0);
  }
}
