package dev.portcullis.operator.watch.report;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.api.v1alpha1.LabelSelector;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Call;
import dev.portcullis.operator.intent.Inbound.Capture;
import dev.portcullis.operator.intent.Shadow;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.resolve.Doubts;
import dev.portcullis.operator.status.CallFacts;
import dev.portcullis.operator.status.Documented;
import dev.portcullis.operator.status.Firewall;
import dev.portcullis.operator.status.PodFacts;
import dev.portcullis.operator.status.PodFacts.Gate;
import dev.portcullis.operator.status.PolicyFacts;
import dev.portcullis.operator.status.References;
import dev.portcullis.operator.status.Revocation;
import dev.portcullis.operator.status.ShadowCounts;
import dev.portcullis.operator.status.Understanding;
import dev.portcullis.operator.watch.cluster.Cluster;
import dev.portcullis.operator.watch.cluster.ObservedPod;
import dev.portcullis.operator.watch.cluster.ObservedPod.Phase;
import dev.portcullis.operator.watch.cluster.ObservedPod.Sidecar;
import dev.portcullis.operator.watch.cluster.ObservedPod.Sidecar.Template;
import dev.portcullis.operator.watch.cluster.ObservedPolicy;
import dev.portcullis.operator.watch.delivery.BackendState;
import dev.portcullis.operator.watch.delivery.BackendState.Judgement;
import dev.portcullis.operator.watch.delivery.CalledBackends;
import dev.portcullis.operator.watch.delivery.Groups;
import dev.portcullis.operator.watch.delivery.Reach;
import dev.portcullis.operator.watch.delivery.Reading;
import dev.portcullis.operator.watch.jwks.KeySets;
import dev.portcullis.operator.watch.measure.Measurements;
import dev.portcullis.operator.xds.PublishOutcome;
import dev.portcullis.operator.xds.Xds;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Gathers what is known of a policy at this moment.
 *
 * @param throttled workloads that get no certificates for now, and a sentence about each
 */
public record FactsOf(
    Cluster cluster,
    Groups groups,
    CalledBackends called,
    Xds xds,
    KeySets keySets,
    Measurements measurements,
    SidecarTemplates templates,
    Supplier<Map<String, String>> throttled,
    InstantSource clock,
    Cuts cuts) {

  PolicyFacts policy(ObservedPolicy policy, BackendState state, Firewall firewall) {
    var pods = policy.legible().map(legible -> pods(policy, legible, state)).orElse(List.of());
    return new PolicyFacts(
        state.generation(),
        policy.legible().map(FactsOf::selector).orElse(""),
        understanding(state),
        List.copyOf(state.outcomes().values()),
        versionInForce(policy, state),
        pods,
        firewall,
        throttled(state),
        calls(state),
        references(policy, state.reading()),
        clock.instant(),
        state.lastGood().map(good -> revocation(good.judgement(), pods)),
        documented(state),
        shadow(state.reading()),
        shadowCounts(state));
  }

  private ShadowCounts shadowCounts(BackendState state) {
    return ShadowCounts.sum(
        groups.podsOf(state.key()).stream().map(pod -> measurements.shadowOf(pod.uid())));
  }

  private static Optional<Shadow> shadow(Reading reading) {
    return switch (reading) {
      case Reading.Understood(var intent) -> intent.shadow();
      case Reading.Refused _ -> Optional.empty();
      case Reading.Failed _ -> Optional.empty();
    };
  }

  private static Documented documented(BackendState state) {
    return state
        .lastGood()
        .<Documented>map(
            good ->
                good.intent()
                    .documentation()
                    .<Documented>map(Documented.By::new)
                    .orElseGet(Documented.ByNothing::new))
        .orElseGet(Documented.NotKnown::new);
  }

  private static Revocation revocation(Judgement judgement, List<PodFacts> pods) {
    return new Revocation(
        judgement.generation(),
        judgement.wanted(),
        pods.stream().allMatch(pod -> pod.cut() instanceof PodFacts.Cut.Done)
            ? Revocation.State.DONE
            : Revocation.State.CUTTING);
  }

  private List<CallFacts> calls(BackendState state) {
    return state.reading() instanceof Reading.Understood(var intent)
        ? intent.calls().stream().map(call -> facts(state.key(), call)).toList()
        : List.of();
  }

  private CallFacts facts(BackendKey caller, Call call) {
    var clashes =
        groups.podsOf(caller).stream()
            .filter(pod -> pod.ports().contains(call.localPort()))
            .map(ObservedPod::name)
            .sorted()
            .toList();
    var backend =
        switch (called.reach(caller, call)) {
          case Reach.Unknown() -> CallFacts.Backend.UNKNOWN;
          case Reach.NoReadyPods() -> CallFacts.Backend.WITHOUT_READY_PODS;
          case Reach.Ready ready -> CallFacts.Backend.READY;
        };
    return new CallFacts(
        call.name(), call.backend().toString(), backend, call.localPort(), clashes);
  }

  private References references(ObservedPolicy policy, Reading reading) {
    return switch (reading) {
      case Reading.Understood(var intent) ->
          ReferencesOf.intent(intent, policy.legible().map(keySets::faults));
      case Reading.Refused refused -> new References.None();
      case Reading.Failed failed -> new References.None();
    };
  }

  private static String selector(ApiBackendPolicy policy) {
    return Optional.ofNullable(policy.getSpec().selector()).map(LabelSelector::asText).orElse("");
  }

  private List<PodFacts> pods(
      ObservedPolicy observed, ApiBackendPolicy policy, BackendState state) {
    var fresh = templates.of(policy);
    return groups.podsOf(state.key()).stream()
        .filter(pod -> pod.phase() == Phase.PENDING || pod.phase() == Phase.RUNNING)
        .map(
            pod ->
                new PodFacts(
                    pod.name(),
                    gate(pod, policy, state),
                    xds.delivery(pod.uid()),
                    measurements.of(pod.uid()),
                    outdated(pod, fresh),
                    keys(pod),
                    cut(pod, observed, state)))
        .toList();
  }

  /** Of the policy's pods, whose service account has had all the certificates that it may have. */
  private List<String> throttled(BackendState state) {
    var excesses = throttled.get();
    return groups.podsOf(state.key()).stream()
        .map(pod -> pod.namespace() + "/" + pod.serviceAccount())
        .distinct()
        .sorted()
        .filter(excesses::containsKey)
        .map(excesses::get)
        .toList();
  }

  private PodFacts.Cut cut(ObservedPod pod, ObservedPolicy policy, BackendState state) {
    var look = new Cuts.Look(measurements.of(pod.uid()), clock.instant());
    return state
        .lastGood()
        .map(good -> cuts.in(pod, good, policy.revocation(), look))
        .orElseGet(PodFacts.Cut.Done::new);
  }

  private Understanding understanding(BackendState state) {
    return switch (state.reading()) {
      case Reading.Understood(var intent) ->
          new Understanding.Understood(Doubts.of(intent, shortestGrace(state)));
      case Reading.Refused(var problems) -> new Understanding.Refused(problems);
      case Reading.Failed(var message) -> new Understanding.Failed(message);
    };
  }

  private Optional<Duration> shortestGrace(BackendState state) {
    return groups.podsOf(state.key()).stream()
        .map(ObservedPod::grace)
        .min(Comparator.naturalOrder());
  }

  /** After a restart only the status still knows what an edit that is refused left in force. */
  private static String versionInForce(ObservedPolicy policy, BackendState state) {
    return state
        .lastGood()
        .map(
            good ->
                good.versions()
                    .getOrDefault(
                        good.intent().inbound().capture(),
                        good.versions().values().iterator().next()))
        .or(policy::inForce)
        .orElse(null);
  }

  private static Optional<PodFacts.Keys> keys(ObservedPod pod) {
    return pod.sidecar()
        .map(
            sidecar ->
                switch (sidecar.keys()) {
                  case KUBELET -> PodFacts.Keys.KUBELET;
                  case STREAM -> PodFacts.Keys.OPERATOR;
                });
  }

  private static Optional<String> outdated(ObservedPod pod, Template fresh) {
    return pod.sidecar().flatMap(running -> SidecarTemplates.difference(running.template(), fresh));
  }

  private Gate gate(ObservedPod pod, ApiBackendPolicy policy, BackendState state) {
    return pod.sidecar()
        .map(sidecar -> gate(pod, sidecar, state))
        .orElseGet(() -> new Gate.Missing(whyMissing(pod, policy)));
  }

  private static Gate gate(ObservedPod pod, Sidecar sidecar, BackendState state) {
    if (pod.phase() == Phase.PENDING || sidecar.state() == Sidecar.State.NOT_STARTED) {
      return new Gate.Starting();
    }
    var version = wanted(sidecar.capture(), state);
    return state.reading() instanceof Reading.Understood(var intent)
            && intent.inbound().capture() != sidecar.capture()
        ? new Gate.CaptureDiffers(
            Groups.word(sidecar.capture()), Groups.word(intent.inbound().capture()), version)
        : new Gate.Running(version);
  }

  /** The version of this very generation; null where there is none. */
  private static String wanted(Capture capture, BackendState state) {
    return switch (state.outcomes().get(capture)) {
      case null -> null;
      case PublishOutcome.Published(var version) -> version;
      case PublishOutcome.Rejected rejected -> rejected.version();
      case PublishOutcome.Superseded(var version) -> version;
    };
  }

  private String whyMissing(ObservedPod pod, ApiBackendPolicy policy) {
    if (!cluster.injects(pod.namespace())) {
      return "The namespace is not labelled %s=%s: label it, then recreate the pod."
          .formatted(Labels.INJECT, Labels.INJECT_ENABLED);
    }
    return pod.created().isBefore(Instant.parse(policy.getMetadata().getCreationTimestamp()))
        ? "The pod is older than the policy: recreate it."
        : "The pod was created without its sidecar: recreate it.";
  }
}
