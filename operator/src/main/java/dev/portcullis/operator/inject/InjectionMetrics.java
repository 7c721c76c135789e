package dev.portcullis.operator.inject;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** How long injection takes, and what comes of it. */
final class InjectionMetrics {

  /** What a request came to. */
  enum Outcome {
    INJECTED,
    SKIPPED,
    REFUSED,
    /** Not let in for now. */
    POSTPONED,
    /** Not a request that the API server would send. */
    MALFORMED,
    /** Our own fault. */
    FAILED
  }

  private final Timer timer;
  private final Map<Outcome, Counter> counters = new EnumMap<>(Outcome.class);

  InjectionMetrics(MeterRegistry registry) {
    timer =
        Timer.builder("portcullis.injection")
            .description("Time from a whole request to its answer")
            .publishPercentileHistogram()
            .register(registry);
    for (var outcome : Outcome.values()) {
      counters.put(
          outcome,
          Counter.builder("portcullis.injections")
              .description("Pods that were asked about, by what came of it")
              .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
  }

  void count(Outcome outcome) {
    counters.get(outcome).increment();
  }

  Timer timer() {
    return timer;
  }
}
