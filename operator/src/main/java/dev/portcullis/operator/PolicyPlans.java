package dev.portcullis.operator;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.api.v1alpha1.ApiBackendPolicySpec;
import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.HardeningSpec;
import dev.portcullis.api.v1alpha1.KeyType;
import dev.portcullis.api.v1alpha1.LimitsSpec;
import dev.portcullis.api.v1alpha1.ListenerSpec;
import dev.portcullis.api.v1alpha1.RateLimitSpec;
import dev.portcullis.api.v1alpha1.TimeoutsSpec;
import dev.portcullis.api.v1alpha1.TlsSpec;
import dev.portcullis.bootstrap.contract.Capture;
import dev.portcullis.operator.inject.InjectionPlan;
import dev.portcullis.operator.inject.Plans;
import dev.portcullis.operator.watch.cluster.ClusterCache;
import dev.portcullis.operator.watch.delivery.Groups;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the policies of this replica's cache ask of injection. A policy that is invalid selects its
 * pods all the same: they come with a closed gate, not without one.
 */
record PolicyPlans(ClusterCache cluster, Groups groups) implements Plans {

  @Override
  public boolean isComplete() {
    return cluster.hasSynced();
  }

  @Override
  public Optional<String> illegibleIn(String namespace) {
    return cluster.policies().in(namespace).stream()
        .filter(policy -> policy.legible().isEmpty())
        .map(policy -> policy.key().name())
        .min(Comparator.naturalOrder());
  }

  @Override
  public Optional<InjectionPlan> planFor(String namespace, Map<String, String> labels) {
    return groups.selectFor(namespace, labels).map(PolicyPlans::plan);
  }

  static InjectionPlan plan(ApiBackendPolicy policy) {
    var spec = policy.getSpec();
    return new InjectionPlan(
        policy.getMetadata().getName(),
        capture(spec),
        Optional.ofNullable(spec.listener()).map(ListenerSpec::port).orElse(Defaults.LISTENER_PORT),
        trackedClients(spec),
        Optional.ofNullable(spec.limits())
            .map(LimitsSpec::connections)
            .orElse(Defaults.CONNECTIONS),
        keyType(spec),
        revocation(spec));
  }

  /** The schema admits nothing else than whole seconds, the greatest unit first. */
  private static Duration revocation(ApiBackendPolicySpec spec) {
    var text =
        Optional.ofNullable(spec.timeouts())
            .map(TimeoutsSpec::revocation)
            .orElse(Defaults.REVOCATION);
    try {
      return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    } catch (DateTimeParseException ofAnotherSchema) {
      return Duration.parse("PT" + Defaults.REVOCATION.toUpperCase(Locale.ROOT));
    }
  }

  private static Capture capture(ApiBackendPolicySpec spec) {
    return Optional.ofNullable(spec.hardening())
        .map(HardeningSpec::capture)
        .map(HardeningSpec.Capture::name)
        .or(() -> Optional.of(Defaults.CAPTURE))
        .flatMap(Capture::of)
        .orElseThrow();
  }

  private static String keyType(ApiBackendPolicySpec spec) {
    return Optional.ofNullable(spec.listener())
        .map(ListenerSpec::tls)
        .map(TlsSpec::keyType)
        .map(KeyType::name)
        .orElse(Defaults.KEY_TYPE);
  }

  private static long trackedClients(ApiBackendPolicySpec spec) {
    return Stream.concat(
            spec.rateLimits().stream(),
            spec.routes().stream().map(route -> route.rateLimits()).flatMap(List::stream))
        .filter(limit -> limit.scope() != RateLimitSpec.Scope.Fleet)
        .map(RateLimitSpec::trackedClients)
        .mapToLong(clients -> clients == null ? Defaults.TRACKED_CLIENTS : clients)
        .sum();
  }
}
