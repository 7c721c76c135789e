package dev.portcullis.operator.watch.delivery;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.CalledPod;
import dev.portcullis.operator.intent.SpiffeId;
import dev.portcullis.operator.resolve.PolicySelection;
import dev.portcullis.operator.watch.cluster.Cluster;
import dev.portcullis.operator.watch.cluster.ObservedPod;
import dev.portcullis.operator.watch.cluster.ObservedPod.Phase;
import dev.portcullis.operator.watch.cluster.ObservedPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The pods of backends as their callers see them. */
record CalledPods(Cluster cluster, Groups groups, Backends backends) {

  /** What a caller can notice of a pod. */
  record Look(String uid, Map<String, String> labels, Optional<String> ready) {}

  static Optional<Look> look(Optional<ObservedPod> pod) {
    return pod.filter(CalledPods::isGated)
        .map(
            gated ->
                new Look(gated.uid(), gated.labels(), gated.ip().filter(ip -> gated.isReady())));
  }

  /** Those that a request may be sent to now, each with the identity that it must prove. */
  List<CalledPod> ready(BackendKey backend, String trustDomain) {
    return port(backend).stream()
        .flatMap(
            port ->
                gated(backend)
                    .filter(ObservedPod::isReady)
                    .map(
                        pod ->
                            new CalledPod(
                                pod.ip().orElseThrow(), port, identity(pod, trustDomain))))
        .toList();
  }

  /** How many there are that a request may be sent to now. */
  int serving(BackendKey backend) {
    return (int) gated(backend).filter(ObservedPod::isReady).count();
  }

  /** Names of the service accounts of all that live, ready or not. */
  Set<String> accounts(BackendKey backend) {
    return gated(backend).map(ObservedPod::serviceAccount).collect(Collectors.toUnmodifiableSet());
  }

  private static SpiffeId identity(ObservedPod pod, String trustDomain) {
    return SpiffeId.ofServiceAccount(trustDomain, pod.namespace(), pod.serviceAccount());
  }

  private Stream<ObservedPod> gated(BackendKey backend) {
    return policy(backend).stream()
        .flatMap(
            policy ->
                cluster.pods().in(backend.namespace()).stream()
                    .filter(CalledPods::isGated)
                    .filter(pod -> PolicySelection.selects(policy, pod.labels()))
                    .filter(pod -> groups.policyOf(pod).filter(backend::equals).isPresent()));
  }

  private Optional<ApiBackendPolicy> policy(BackendKey backend) {
    return cluster
        .policies()
        .get(backend.namespace(), backend.name())
        .flatMap(ObservedPolicy::legible);
  }

  private static boolean isGated(ObservedPod pod) {
    return pod.sidecar().isPresent() && pod.phase() != Phase.FINISHED;
  }

  /** That of the configuration in force; the policy's word where none is known to be. */
  private Optional<Integer> port(BackendKey backend) {
    return backends
        .get(backend)
        .flatMap(BackendState::lastGood)
        .map(good -> good.intent().inbound().port())
        .or(() -> policy(backend).map(CalledPods::port));
  }

  private static int port(ApiBackendPolicy policy) {
    return Optional.ofNullable(policy.getSpec())
        .map(spec -> spec.listener())
        .map(listener -> listener.port())
        .orElse(Defaults.LISTENER_PORT);
  }
}
