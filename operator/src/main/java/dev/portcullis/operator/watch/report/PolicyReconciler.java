package dev.portcullis.operator.watch.report;

import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.status.Firewall;
import dev.portcullis.operator.status.StatusReport;
import dev.portcullis.operator.watch.cluster.PolicyReader;
import dev.portcullis.operator.watch.delivery.BackendState;
import dev.portcullis.operator.watch.delivery.Backends;
import dev.portcullis.operator.watch.lead.Leadership;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One policy, whole: its NetworkPolicies, then its status, then the news of it. */
@ControllerConfiguration(name = "apibackendpolicy")
final class PolicyReconciler implements Reconciler<StoredPolicy> {

  /** Certificates expire without an event. */
  private static final Duration ROUTINE = Duration.ofMinutes(1);

  /**
   * As long as a new leader may need to see with its own eyes what its predecessor has reported.
   */
  private static final Duration FIRST_LOOK = Duration.ofSeconds(15);

  private static final Duration IN_A_MOMENT = Duration.ofMillis(500);

  private static final Duration AFTER_CONFLICT = Duration.ofMillis(200);

  /** What it is made of, for one term. */
  record Parts(
      Backends backends,
      FactsOf facts,
      FirewallKeeper firewall,
      OutdatedSidecars outdated,
      SoonestExpiries expiries,
      Announcer announcer,
      Leadership leadership,
      ChangeSource changes,
      PolicyReader reader) {}

  private final Parts parts;
  private final long began = System.nanoTime();

  PolicyReconciler(Parts parts) {
    this.parts = parts;
  }

  @Override
  public List<EventSource<?, StoredPolicy>> prepareEventSources(
      EventSourceContext<StoredPolicy> context) {
    var networkPolicies =
        InformerEventSourceConfiguration.from(NetworkPolicy.class, StoredPolicy.class)
            .withLabelSelector(Labels.MANAGED_BY + "=" + Labels.MANAGED_BY_VALUE)
            .withName("networkpolicies")
            .build();
    return List.of(new InformerEventSource<>(networkPolicies, context), parts.changes());
  }

  @Override
  public UpdateControl<StoredPolicy> reconcile(StoredPolicy policy, Context<StoredPolicy> context) {
    var key = new BackendKey(policy.getMetadata().getNamespace(), policy.getMetadata().getName());
    var state = parts.backends().get(key).filter(known -> speaksOf(known, policy));
    if (state.isEmpty() || !parts.leadership().holds()) {
      return UpdateControl.<StoredPolicy>noUpdate().rescheduleAfter(ROUTINE);
    }
    var firewall = firewall(policy, state.get(), context);
    var observed = parts.reader().read(policy);
    var before = policy.status(parts.reader().serialization());
    var facts = parts.facts().policy(observed, state.get(), firewall.firewall());
    if (facts.arePreliminary() && isNew() && before.filter(facts::areToldBy).isPresent()) {
      return UpdateControl.<StoredPolicy>noUpdate().rescheduleAfter(IN_A_MOMENT);
    }
    var status = StatusReport.of(facts, before.orElse(null));
    parts.outdated().reported(key, status.pods().outdated());
    facts
        .soonestToEnd()
        .ifPresentOrElse(
            certificate -> parts.expiries().saw(key.namespace(), key.name(), certificate),
            () -> parts.expiries().forget(key.namespace(), key.name()));
    var again =
        before.equals(Optional.of(status))
            ? ROUTINE
            : report(policy, new Announcer.Change(before, status), context.getClient());
    return UpdateControl.<StoredPolicy>noUpdate()
        .rescheduleAfter(
            Stream.of(firewall.again(), facts.untilNextCut(), Optional.of(again))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder())
                .orElseThrow());
  }

  /** The fast path tells when it has caught up. */
  private static boolean speaksOf(BackendState state, StoredPolicy policy) {
    return state.uid().equals(policy.getMetadata().getUid())
        && state.generation() == policy.getMetadata().getGeneration();
  }

  private boolean isNew() {
    return System.nanoTime() - began < FIRST_LOOK.toNanos();
  }

  /** Without a last good there is nothing to generate from, and what is stored stays. */
  private FirewallKeeper.Outcome firewall(
      StoredPolicy policy, BackendState state, Context<StoredPolicy> context) {
    return state
        .lastGood()
        .map(
            good ->
                parts
                    .firewall()
                    .keep(
                        policy, good.intent(), context.getSecondaryResources(NetworkPolicy.class)))
        .orElseGet(() -> new FirewallKeeper.Outcome(new Firewall.InPlace(), Optional.empty()));
  }

  private Duration report(StoredPolicy policy, Announcer.Change change, KubernetesClient client) {
    try {
      client.resource(policy.with(change.now(), parts.reader().serialization())).updateStatus();
      parts.announcer().announce(policy, change);
      return ROUTINE;
    } catch (KubernetesClientException refused) {
      if (refused.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return AFTER_CONFLICT;
      }
      throw refused;
    }
  }
}
