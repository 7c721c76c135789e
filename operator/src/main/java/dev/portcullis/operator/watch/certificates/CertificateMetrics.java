package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.status.Validity;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/** The names under which certificates are counted and timed. Labels are bounded: no pods. */
final class CertificateMetrics {

  private static final String REASON = "reason";

  private final MeterRegistry registry;
  private final InstantSource clock;
  private final Counter issued;
  private final Timer signing;
  private final Timer handling;

  CertificateMetrics(MeterRegistry registry, InstantSource clock) {
    this.registry = registry;
    this.clock = clock;
    this.issued =
        Counter.builder("portcullis.certificates.issued")
            .description("Certificates issued to pods")
            .register(registry);
    this.signing =
        Timer.builder("portcullis.certificate.sign")
            .description("Time to sign one certificate, without the API server")
            .publishPercentileHistogram()
            .register(registry);
    this.handling =
        Timer.builder("portcullis.certificate.request")
            .description("Time from taking up a request to its answer at the API server")
            .publishPercentileHistogram()
            .register(registry);
  }

  void issued() {
    issued.increment();
  }

  void denied(String reason) {
    counter("portcullis.certificates.denied", "Requests denied for good", reason).increment();
  }

  /** Left pending, to be tried again. */
  void postponed(String reason) {
    counter("portcullis.certificates.postponed", "Attempts that left a request pending", reason)
        .increment();
  }

  Timer signing() {
    return signing;
  }

  Timer handling() {
    return handling;
  }

  /**
   * End of a certificate as seconds since 1970, and the share of its life that is left; not numbers
   * while there is none.
   */
  void expiry(String name, Supplier<Optional<Validity>> certificate) {
    gauge(
            "portcullis.certificate.expiry.timestamp",
            () -> certificate.get().map(it -> (double) it.until().getEpochSecond()))
        .description("When a certificate ends")
        .baseUnit("seconds")
        .tag("name", name)
        .register(registry);
    gauge(
            "portcullis.certificate.life.left",
            () -> certificate.get().map(it -> it.left(clock.instant())))
        .description("Share of a certificate's life that is left")
        .tag("name", name)
        .register(registry);
  }

  private static Gauge.Builder<?> gauge(String name, Supplier<Optional<Double>> value) {
    return Gauge.builder(name, () -> value.get().orElse(Double.NaN));
  }

  void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  /** One gauge per state, 1 for the present one. */
  void state(String state, Supplier<String> present) {
    Gauge.builder("portcullis.ca.state", () -> present.get().equals(state) ? 1 : 0)
        .description("1 for the present state of the certificate authority")
        .tag("state", state)
        .register(registry);
  }

  private Counter counter(String name, String description, String reason) {
    return Counter.builder(name).description(description).tag(REASON, reason).register(registry);
  }
}
