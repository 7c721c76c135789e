package dev.portcullis.operator.watch.keys;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** The names under which keys that go over streams are counted. Labels are bounded: no pods. */
public final class KeyMetrics {

  private final MeterRegistry registry;
  private final Counter issued;

  public KeyMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.issued =
        Counter.builder("portcullis.keys.issued")
            .description("Keys with certificates that were made for sidecars")
            .register(registry);
  }

  void issued() {
    issued.increment();
  }

  /** It is tried again within a second or so. */
  void postponed(String reason) {
    Counter.builder("portcullis.keys.postponed")
        .description("Keys that were due and not made at once")
        .tag("reason", reason)
        .register(registry)
        .increment();
  }
}
