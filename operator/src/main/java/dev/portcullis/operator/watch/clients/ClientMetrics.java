package dev.portcullis.operator.watch.clients;

import dev.portcullis.api.v1alpha1.ApiClientCertificate;
import dev.portcullis.operator.status.Validity;
import dev.portcullis.operator.watch.report.SoonestExpiries;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the leader counts; zero on replicas that follow. */
final class ClientMetrics {

  private static final SoonestExpiries.Kind KIND =
      new SoonestExpiries.Kind(
          "client", "portcullis.client.certificate.expiry.timestamp", "certificate");

  private final Map<String, Outcome> last = new ConcurrentHashMap<>();
  private final Counter issued;
  private final SoonestExpiries expiries;

  ClientMetrics(MeterRegistry registry, InstantSource clock) {
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
    this.expiries = new SoonestExpiries(registry, KIND, clock);
  }

  void saw(ApiClientCertificate object, Outcome outcome) {
    var of = object.getMetadata();
    last.put(of.getUid(), outcome);
    outcome
        .held()
        .map(leaf -> new Validity(leaf.notBefore(), leaf.notAfter()))
        .ifPresentOrElse(
            certificate -> expiries.saw(of.getNamespace(), of.getName(), certificate),
            () -> expiries.forget(of.getNamespace(), of.getName()));
    if (outcome instanceof Outcome.Issued) {
      issued.increment();
    }
  }

  void forget(ApiClientCertificate object) {
    last.remove(object.getMetadata().getUid());
    expiries.forget(object.getMetadata().getNamespace(), object.getMetadata().getName());
  }

  void forgetAll() {
    last.clear();
    expiries.clear();
  }

  private long withheld() {
    return last.values().stream().filter(Outcome.Withheld.class::isInstance).count();
  }
}
