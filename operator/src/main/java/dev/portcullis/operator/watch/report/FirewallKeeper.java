package dev.portcullis.operator.watch.report;

import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.names.Names;
import dev.portcullis.operator.network.NetworkPolicies;
import dev.portcullis.operator.status.Firewall;
import dev.portcullis.operator.watch.lead.Leadership;
import dev.portcullis.operator.watch.report.FirewallPlan.Step;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a policy's NetworkPolicies as they should be. The owner reference takes them away with the
 * policy. What someone else changes is put back, ever more slowly if that someone insists.
 */
final class FirewallKeeper {

  private static final Logger LOG = LoggerFactory.getLogger(FirewallKeeper.class);

  /** A namespace may refuse to end, and its pods run on. */
  private static final Duration AFTER_THE_END = Duration.ofSeconds(30);

  /**
   * What was found, and when to look again.
   *
   * @param again empty when nothing is waited for
   */
  record Outcome(Firewall firewall, Optional<Duration> again) {}

  private final KubernetesClient client;
  private final Leadership leadership;
  private final Counter putBack;
  private final Backoff backoff = new Backoff(System::nanoTime);
  private final ConcurrentHashMap<String, NetworkPolicy> written = new ConcurrentHashMap<>();

  FirewallKeeper(KubernetesClient client, Leadership leadership, MeterRegistry registry) {
    this.client = client;
    this.leadership = leadership;
    this.putBack =
        Counter.builder("portcullis.networkpolicies.put.back")
            .description("NetworkPolicies of Portcullis that someone else changed or removed")
            .register(registry);
  }

  Outcome keep(HasMetadata owner, BackendIntent intent, Collection<NetworkPolicy> stored) {
    var wanted = NetworkPolicies.of(intent).stream().map(policy -> owned(policy, owner)).toList();
    var waiting = new ArrayList<String>();
    var pauses = new ArrayList<Duration>();
    for (var step : FirewallPlan.between(wanted, stored).steps()) {
      var pause = take(step);
      if (pause.isPositive()) {
        waiting.add(nameOf(step));
        pauses.add(pause);
      }
    }
    return new Outcome(
        waiting.isEmpty() ? new Firewall.InPlace() : new Firewall.Short(waiting),
        pauses.stream().min(Comparator.naturalOrder()));
  }

  /** Positive when it must wait. */
  private Duration take(Step step) {
    if (!leadership.holds()) {
      return Duration.ofSeconds(1);
    }
    return switch (step) {
      case Step.Create(var wanted) -> apply(wanted);
      case Step.Correct(var wanted, var stored) -> apply(wanted);
      case Step.Remove(var stored) -> {
        client
            .resource(stored)
            .lockResourceVersion(stored.getMetadata().getResourceVersion())
            .delete();
        forget(stored);
        yield Duration.ZERO;
      }
    };
  }

  private Duration apply(NetworkPolicy wanted) {
    var key = wanted.getMetadata().getNamespace() + "/" + wanted.getMetadata().getName();
    if (wanted.equals(written.get(key))) {
      var pause = backoff.before(key);
      if (pause.isPositive()) {
        return pause;
      }
    }
    return write(key, wanted);
  }

  private Duration write(String key, NetworkPolicy wanted) {
    try {
      client.resource(wanted).fieldManager(Names.FIELD_MANAGER).forceConflicts().serverSideApply();
    } catch (KubernetesClientException failure) {
      if (EndingNamespace.refused(failure)) {
        return AFTER_THE_END;
      }
      throw failure;
    }
    if (wanted.equals(written.put(key, wanted))) {
      LOG.warn("NetworkPolicy {} was changed by someone else and is put back", key);
      putBack.increment();
    }
    return Duration.ZERO;
  }

  private void forget(NetworkPolicy stored) {
    var key = stored.getMetadata().getNamespace() + "/" + stored.getMetadata().getName();
    written.remove(key);
    backoff.forget(key);
  }

  private static String nameOf(Step step) {
    return switch (step) {
      case Step.Create(var wanted) -> wanted.getMetadata().getName();
      case Step.Correct(var wanted, var stored) -> wanted.getMetadata().getName();
      case Step.Remove(var stored) -> stored.getMetadata().getName();
    };
  }

  private static NetworkPolicy owned(NetworkPolicy policy, HasMetadata owner) {
    return new NetworkPolicyBuilder(policy)
        .editMetadata()
        .withOwnerReferences(List.of(ControllerReference.to(owner)))
        .endMetadata()
        .build();
  }
}
