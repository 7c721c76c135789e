package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.rotation.RotationReport;
import dev.portcullis.operator.identity.rotation.RotationReport.Phase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Where the rotation stands, on the replica that leads; not a number on the others. */
final class RotationMetrics {

  private final MeterRegistry registry;
  private volatile Optional<RotationReport> report = Optional.empty();

  RotationMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (var phase : Phase.values()) {
      gauge("portcullis.ca.rotation.phase", now -> now.phase() == phase ? 1 : 0)
          .description("1 for the present phase of the CA's rotation")
          .tag("phase", phase.word())
          .register(registry);
    }
    gauge("portcullis.ca.rotation.stragglers", now -> now.stragglers().size())
        .description("Who keeps the CA's rotation from its next step")
        .register(registry);
    gauge("portcullis.ca.generation", now -> now.kept().current().number())
        .description("Number of the CA that signs")
        .register(registry);
  }

  void show(RotationReport now) {
    report = Optional.of(now);
  }

  /** This replica leads no more. */
  void forget() {
    report = Optional.empty();
  }

  void taken(String step) {
    Counter.builder("portcullis.ca.rotation.steps")
        .description("Steps taken of the CA's rotations")
        .tag("step", step)
        .register(registry)
        .increment();
  }

  private Gauge.Builder<?> gauge(String name, ToDoubleFunction<RotationReport> value) {
    return Gauge.builder(
        name, this, metrics -> metrics.report.map(value::applyAsDouble).orElse(Double.NaN));
  }
}
