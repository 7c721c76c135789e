package dev.portcullis.operator.xds;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts what became of the candidates for publication. */
final class CanaryMetrics {

  private final Map<Outcome, Counter> checks = new EnumMap<>(Outcome.class);
  private final Timer time;

  CanaryMetrics(MeterRegistry registry, Canary canary) {
    for (var outcome : Outcome.values()) {
      checks.put(
          outcome,
          Counter.builder("portcullis.canary.checks")
              .description("Configurations offered for publication, by what the canary made of it")
              .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    time =
        Timer.builder("portcullis.canary.check")
            .description("From offering a configuration to the canary to its finding")
            .register(registry);
    Gauge.builder("portcullis.canary.connected", () -> canary.isConnected() ? 1 : 0)
        .description("1 while a canary proxy is connected")
        .register(registry);
  }

  void checked(Outcome outcome) {
    checks.get(outcome).increment();
  }

  void took(Duration duration) {
    time.record(duration);
  }

  /** What the canary made of a configuration, or why it was not asked. */
  enum Outcome {
    ACCEPTED,
    REFUSED,
    LOST,
    SILENT,
    UNCHECKED,
    UNCHANGED
  }
}
