package dev.portcullis.operator.watch.clients;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the leader counts; zero on replicas that follow. No label holds an object. */
final class ClientMetrics {

  private final Map<String, Outcome> last = new ConcurrentHashMap<>();
  private final Counter issued;

  ClientMetrics(MeterRegistry registry) {
    this.issued =
        Counter.builder("portcullis.client.certificates.issued")
            .description("Certificates issued for ApiClientCertificates")
            .register(registry);
    Gauge.builder("portcullis.client.certificates", last, Map::size)
        .description("ApiClientCertificates that this replica keeps; 0 where it does not lead")
        .register(registry);
    Gauge.builder("portcullis.client.certificates.withheld", this, ClientMetrics::withheld)
        .description("ApiClientCertificates for which something is due and cannot be done")
        .register(registry);
    Gauge.builder("portcullis.certificate.expiry.timestamp", this, ClientMetrics::soonest)
        .description("When a certificate ends")
        .baseUnit("seconds")
        .tag("name", "client")
        .register(registry);
  }

  void saw(String uid, Outcome outcome) {
    last.put(uid, outcome);
    if (outcome instanceof Outcome.Issued) {
      issued.increment();
    }
  }

  void forget(String uid) {
    last.remove(uid);
  }

  void forgetAll() {
    last.clear();
  }

  private long withheld() {
    return last.values().stream().filter(Outcome.Withheld.class::isInstance).count();
  }

  /** Not a number while there is none. */
  private double soonest() {
    return last.values().stream()
        .flatMap(outcome -> outcome.held().stream())
        .mapToDouble(leaf -> leaf.notAfter().getEpochSecond())
        .min()
        .orElse(Double.NaN);
  }
}
