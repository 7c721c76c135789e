package dev.portcullis.operator.watch.report;

import dev.portcullis.operator.status.Validity;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/**
 * When the certificates of many objects end: the first of all, and one gauge for each of the few
 * that end soonest, so that the number of gauges is bounded.
 */
public final class SoonestExpiries {

  static final int MOST = 100;

  private static final Duration BETWEEN_LISTS = Duration.ofSeconds(15);
  private static final Comparator<Map.Entry<Subject, Validity>> SOONEST_FIRST =
      Comparator.comparing(entry -> entry.getValue().until());

  private final Map<Subject, Validity> certificates = new ConcurrentHashMap<>();
  private final InstantSource clock;
  private final Kind kind;
  private final MultiGauge each;
  private long listedAt = System.nanoTime() - BETWEEN_LISTS.toNanos();

  /**
   * Whose certificates they are.
   *
   * @param name value of the label {@code name} in the gauges of all certificates
   * @param metric name of the gauges of single objects
   * @param label under which those name the object, beside its namespace
   */
  public record Kind(String name, String metric, String label) {}

  private record Subject(String namespace, String name) {}

  public SoonestExpiries(MeterRegistry registry, Kind kind, InstantSource clock) {
    this.clock = clock;
    this.kind = kind;
    this.each =
        MultiGauge.builder(kind.metric())
            .description("When the first certificate of an object ends; the soonest hundred")
            .baseUnit("seconds")
            .register(registry);
    first("portcullis.certificate.expiry.timestamp", entry -> entry.until().getEpochSecond())
        .description("When a certificate ends")
        .baseUnit("seconds")
        .tag("name", kind.name())
        .register(registry);
    first("portcullis.certificate.life.left", entry -> entry.left(clock.instant()))
        .description("Share of a certificate's life that is left")
        .tag("name", kind.name())
        .register(registry);
  }

  /** The one of an object's certificates that ends first. */
  public void saw(String namespace, String name, Validity certificate) {
    certificates.put(new Subject(namespace, name), certificate);
    listIfDue();
  }

  public void forget(String namespace, String name) {
    certificates.remove(new Subject(namespace, name));
    listIfDue();
  }

  /** This replica leads no more. */
  public void clear() {
    certificates.clear();
    list();
  }

  /** Few are listed at each change, many now and then. */
  private synchronized void listIfDue() {
    if (certificates.size() <= MOST || System.nanoTime() - listedAt >= BETWEEN_LISTS.toNanos()) {
      list();
    }
  }

  private synchronized void list() {
    listedAt = System.nanoTime();
    each.register(
        certificates.entrySet().stream().sorted(SOONEST_FIRST).limit(MOST).map(this::row).toList(),
        true);
  }

  private MultiGauge.Row<?> row(Map.Entry<Subject, Validity> entry) {
    var tags =
        Tags.of("namespace", entry.getKey().namespace(), kind.label(), entry.getKey().name());
    return MultiGauge.Row.of(tags, entry.getValue().until().getEpochSecond());
  }

  /** The least over all; not a number while there is none. */
  private Gauge.Builder<?> first(String name, ToDoubleFunction<Validity> value) {
    return Gauge.builder(
        name,
        this,
        all ->
            List.copyOf(all.certificates.values()).stream()
                .mapToDouble(value)
                .min()
                .orElse(Double.NaN));
  }
}
