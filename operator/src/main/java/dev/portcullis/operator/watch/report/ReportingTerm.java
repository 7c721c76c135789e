package dev.portcullis.operator.watch.report;

import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.watch.cluster.ObservedPod;
import dev.portcullis.operator.watch.cluster.PolicyReader;
import dev.portcullis.operator.watch.delivery.Backends;
import dev.portcullis.operator.watch.lead.Leadership;
import dev.portcullis.operator.watch.lead.Term;
import dev.portcullis.operator.watch.measure.MeasurementLoop;
import dev.portcullis.operator.xds.Peer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures and reports while this replica leads, with a JOSDK operator of its own for each term:
 * one that has stopped cannot start again.
 */
public final class ReportingTerm implements Term {

  private static final Logger LOG = LoggerFactory.getLogger(ReportingTerm.class);
  private static final Duration LAST_WRITES = Duration.ofSeconds(2);

  /**
   * What it is made of; all of it lives as long as the operator.
   *
   * @param instance name of this replica, for Events
   * @param leadership the one that this term belongs to
   */
  public record Parts(
      KubernetesClient client,
      MeterRegistry registry,
      String instance,
      Backends backends,
      FactsOf facts,
      MeasurementLoop measurements,
      Supplier<Leadership> leadership) {}

  private final Parts parts;
  private static final SoonestExpiries.Kind PODS =
      new SoonestExpiries.Kind("pod", "portcullis.policy.certificate.expiry.timestamp", "policy");

  private final OutdatedSidecars outdated;
  private final SoonestExpiries expiries;
  private volatile ChangeSource changes = new ChangeSource();
  private Operator operator;

  public ReportingTerm(Parts parts) {
    this.parts = parts;
    this.outdated = new OutdatedSidecars(parts.registry());
    this.expiries = new SoonestExpiries(parts.registry(), PODS, parts.facts().clock());
    parts.backends().onChange(this::changed);
    parts.measurements().onChange(this::changed);
    parts.facts().called().onChange(this::changed);
    parts.facts().keySets().onChange(this::changed);
    parts.facts().cluster().pods().onChange(this::podChanged);
    parts.facts().xds().onDelivery(this::delivered);
  }

  @Override
  public void begin() {
    LOG.info("This replica leads: it measures and reports");
    changes = new ChangeSource();
    parts.measurements().start();
    operator =
        new Operator(
            settings ->
                settings
                    .withKubernetesClient(parts.client())
                    .withCloseClientOnStop(false)
                    .checkingCRDAndValidateLocalModel(false)
                    .withReconciliationTerminationTimeout(LAST_WRITES)
                    .withMetrics(MicrometerMetricsV2.newBuilder(parts.registry()).build()));
    operator.register(reconciler());
    operator.start();
  }

  @Override
  public void end() {
    LOG.info("This replica leads no more");
    parts.measurements().stop();
    if (operator != null) {
      operator.stop();
      operator = null;
    }
    outdated.clear();
    expiries.clear();
  }

  private PolicyReconciler reconciler() {
    var leadership = parts.leadership().get();
    return new PolicyReconciler(
        new PolicyReconciler.Parts(
            parts.backends(),
            parts.facts(),
            new FirewallKeeper(parts.client(), leadership, parts.registry()),
            outdated,
            expiries,
            new Announcer(
                new EventRecorder(parts.client(), parts.instance(), InstantSource.system())),
            leadership,
            changes,
            new PolicyReader(parts.client().getKubernetesSerialization())));
  }

  private void changed(BackendKey policy) {
    if (parts.backends().get(policy).isEmpty()) {
      outdated.forget(policy);
      expiries.forget(policy.namespace(), policy.name());
    }
    changes.changed(policy);
  }

  private void podChanged(Optional<ObservedPod> before, Optional<ObservedPod> after) {
    before.ifPresent(this::reportPod);
    after.ifPresent(this::reportPod);
  }

  private void reportPod(ObservedPod pod) {
    parts.facts().groups().selecting(pod.namespace(), pod.labels()).forEach(this::changed);
  }

  /** An acknowledgement is a promise; whether it is kept is measured at once. */
  private void delivered(Peer peer) {
    parts.measurements().nudge(peer.uid());
    parts.facts().cluster().pods().get(peer.namespace(), peer.pod()).ifPresent(this::reportPod);
  }
}
