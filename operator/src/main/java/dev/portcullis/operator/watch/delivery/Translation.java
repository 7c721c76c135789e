package dev.portcullis.operator.watch.delivery;

import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.operator.envoy.EnvoyResources;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Epoch;
import dev.portcullis.operator.intent.Inbound.Capture;
import dev.portcullis.operator.intent.KeySource;
import dev.portcullis.operator.intent.VerificationKey;
import dev.portcullis.operator.resolve.BackendView;
import dev.portcullis.operator.resolve.Resolution;
import dev.portcullis.operator.resolve.descriptors.DescriptorReading;
import dev.portcullis.operator.resolve.openapi.OpenApiReading;
import dev.portcullis.operator.watch.cluster.ObservedPod;
import dev.portcullis.operator.watch.cluster.ObservedPolicy;
import dev.portcullis.operator.watch.delivery.BackendState.LastGood;
import dev.portcullis.operator.watch.documents.Documents;
import dev.portcullis.operator.watch.outside.Trusts;
import dev.portcullis.operator.xds.PublishOutcome;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One round of the fast path for one policy. It looks at what is there, never at what happened. */
final class Translation {

  private static final Logger LOG = LoggerFactory.getLogger(Translation.class);
  private static final long OF_NO_POLICY = 0;
  private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

  private final FastPath.Parts parts;
  private final CalledBackends called;

  Translation(FastPath.Parts parts, CalledBackends called) {
    this.parts = parts;
    this.called = called;
  }

  /** What a policy refers to outside of itself. */
  private record Referred(
      Trusts.Found found,
      Map<KeySource, List<VerificationKey>> keySets,
      Optional<OpenApiReading> document,
      Optional<DescriptorReading> descriptors) {}

  /** What was given to the proxies. */
  private record Offered(BackendIntent intent, Epoch epoch) {}

  /** Ends when the outcome is known and recorded. What fails is the policy's state, not thrown. */
  CompletionStage<Void> run(BackendKey key) {
    var policy = parts.cluster().policies().get(key.namespace(), key.name());
    if (policy.isEmpty() || isAnother(policy.get())) {
      withdraw(key);
    }
    return policy.map(this::attempt).orElse(DONE);
  }

  /** Closes the sidecars that no policy selects any more. */
  void publishClosed() {
    for (var build : Build.all()) {
      parts.xds().publish(Groups.closed(build), closed(build.capture()));
    }
  }

  private CompletionStage<Void> attempt(ObservedPolicy policy) {
    try {
      return switch (policy) {
        case ObservedPolicy.Unreadable unreadable -> unreadable(unreadable);
        case ObservedPolicy.Readable readable -> resolve(readable);
      };
    } catch (RuntimeException | StackOverflowError poison) {
      return failed(policy, poison);
    }
  }

  private CompletionStage<Void> resolve(ObservedPolicy.Readable policy) {
    // What is being read for the first time marks the policy when it is known.
    return switch (parts.documents().of(policy.policy())) {
      case Documents.Known.NotYet() -> DONE;
      case Documents.Known.Now(var document) -> resolve(policy, document, Optional.empty());
      case Documents.Known.Descriptors(var descriptors) ->
          resolve(policy, Optional.empty(), Optional.of(descriptors));
    };
  }

  private CompletionStage<Void> resolve(
      ObservedPolicy.Readable policy,
      Optional<OpenApiReading> document,
      Optional<DescriptorReading> descriptors) {
    return parts
        .trusts()
        .of(policy.policy())
        .flatMap(
            found ->
                parts
                    .keySets()
                    .of(policy.policy())
                    .map(keySets -> new Referred(found, keySets, document, descriptors)))
        .map(referred -> resolve(policy, referred))
        .orElse(DONE);
  }

  private CompletionStage<Void> resolve(ObservedPolicy.Readable policy, Referred referred) {
    return switch (parts.gate().resolve(viewOf(policy, referred))) {
      case Resolution.Resolved(var intent) -> publish(policy, intent);
      case Resolution.Unresolved(var problems) -> refuse(policy, new Reading.Refused(problems));
    };
  }

  private CompletionStage<Void> unreadable(ObservedPolicy.Unreadable policy) {
    var reading = new Reading.Failed(policy.message());
    if (parts.backends().get(policy.key()).filter(s -> s.reading().equals(reading)).isEmpty()) {
      LOG.warn("Policy {}: {}", policy.key(), policy.message());
    }
    return refuse(policy, reading);
  }

  private CompletionStage<Void> failed(ObservedPolicy policy, Throwable poison) {
    LOG.error("Policy {} could not be translated; what it had stays", policy.key(), poison);
    var message = "The operator failed on this policy; its log has the details: " + poison;
    return refuse(policy, new Reading.Failed(message));
  }

  /**
   * What is in force stays. Where nothing ever was, the gate is closed: the pods may still run what
   * an earlier policy gave them.
   */
  private CompletionStage<Void> refuse(ObservedPolicy policy, Reading reading) {
    var key = policy.key();
    var lastGood = lastGood(key);
    if (lastGood.isEmpty() && policy.neverInForce()) {
      for (var build : Build.all()) {
        if (deliveriesTo(parts.cluster().pods().in(key.namespace())).contains(build.keys())) {
          parts.xds().publish(Groups.of(key, build), closed(build.capture()));
        }
      }
    }
    var generation = policy.generation();
    parts
        .backends()
        .put(new BackendState(key, policy.uid(), generation, reading, Map.of(), lastGood));
    return DONE;
  }

  private EnvoyResources closed(Capture capture) {
    var intent = ClosedGate.intent(parts.mesh(), capture);
    return parts.gate().translate(intent, Epoch.FIRST, OF_NO_POLICY, Map.of());
  }

  private boolean isAnother(ObservedPolicy policy) {
    var state = parts.backends().get(policy.key());
    return state.isPresent() && !state.get().uid().equals(policy.uid());
  }

  private BackendView viewOf(ObservedPolicy.Readable policy, Referred referred) {
    var namespace = policy.key().namespace();
    var pods =
        parts.cluster().pods().in(namespace).stream()
            .collect(Collectors.toMap(ObservedPod::name, ObservedPod::labels, (one, two) -> two));
    return new BackendView(
        policy.policy(),
        parts.groups().claimants(namespace),
        pods,
        parts.mesh(),
        called.neighbours(policy.policy()),
        referred.found().authorities(),
        referred.found().keys(),
        referred.keySets(),
        referred.document(),
        referred.descriptors(),
        called.serving(policy.key()));
  }

  private CompletionStage<Void> publish(ObservedPolicy.Readable policy, BackendIntent intent) {
    var annotations =
        Optional.ofNullable(policy.policy().getMetadata().getAnnotations()).orElse(Map.of());
    called.locate(intent);
    var outcomes = new EnumMap<Capture, CompletableFuture<PublishOutcome>>(Capture.class);
    var epoch = new Judge(policy, parts.authorities().getAsInt()).inForce();
    for (var capture : capturesOf(intent)) {
      var captured = intent.capturedBy(capture);
      var resources = parts.gate().translate(captured, epoch, policy.generation(), annotations);
      outcomes.put(capture, publish(intent.key(), capture, resources));
    }
    return CompletableFuture.allOf(outcomes.values().toArray(CompletableFuture[]::new))
        .thenRun(() -> published(policy, new Offered(intent, epoch), joined(outcomes)))
        .exceptionallyCompose(failure -> failed(policy, failure));
  }

  /** To the sidecars that are reached in this way, wherever they take their keys from. */
  private CompletableFuture<PublishOutcome> publish(
      BackendKey key, Capture capture, EnvoyResources resources) {
    return deliveriesTo(parts.groups().podsOf(key)).stream()
        .map(keys -> Groups.of(key, new Build(capture, keys)))
        .map(group -> parts.xds().publish(group, resources).toCompletableFuture())
        .reduce((one, other) -> one.thenCombine(other, Translation::worse))
        .orElseThrow();
  }

  private static PublishOutcome worse(PublishOutcome one, PublishOutcome other) {
    return one instanceof PublishOutcome.Published ? other : one;
  }

  /** That of pods that are created now, and those of pods that are there. */
  private Set<KeyDelivery> deliveriesTo(Collection<ObservedPod> pods) {
    var deliveries = EnumSet.of(parts.keys());
    pods.stream()
        .flatMap(pod -> pod.sidecar().stream())
        .map(ObservedPod.Sidecar::keys)
        .forEach(deliveries::add);
    return deliveries;
  }

  /** What the policy asks for, and what its running pods were injected with. */
  private Set<Capture> capturesOf(BackendIntent intent) {
    var captures = EnumSet.of(intent.inbound().capture());
    parts.groups().podsOf(intent.key()).stream()
        .flatMap(pod -> pod.sidecar().stream())
        .map(ObservedPod.Sidecar::capture)
        .forEach(captures::add);
    return captures;
  }

  private void published(
      ObservedPolicy.Readable policy, Offered offered, Map<Capture, PublishOutcome> outcomes) {
    var intent = offered.intent();
    var versions = new HashMap<Capture, String>();
    outcomes.forEach(
        (capture, outcome) -> {
          if (outcome instanceof PublishOutcome.Published(var version)) {
            versions.put(capture, version);
          }
        });
    var lastGood =
        versions.size() == outcomes.size()
            ? Optional.of(good(policy, offered, versions))
            : lastGood(policy.key());
    var reading = new Reading.Understood(intent);
    parts
        .backends()
        .put(
            new BackendState(
                policy.key(), policy.uid(), policy.generation(), reading, outcomes, lastGood));
  }

  private LastGood good(
      ObservedPolicy.Readable policy, Offered offered, Map<Capture, String> versions) {
    var judge = new Judge(policy, parts.authorities().getAsInt());
    var judgement = judge.judge(lastGood(policy.key()), offered.intent());
    return new LastGood(offered.intent(), versions, offered.epoch(), judgement);
  }

  private Optional<LastGood> lastGood(BackendKey key) {
    return parts.backends().get(key).flatMap(BackendState::lastGood);
  }

  /** Its pods move to the closed group first; only then is what they ran forgotten. */
  private void withdraw(BackendKey key) {
    parts.cluster().pods().in(key.namespace()).stream()
        .filter(pod -> pod.sidecar().isPresent())
        .forEach(pod -> parts.xds().regroup(pod.uid()));
    Build.all().forEach(build -> parts.xds().withdraw(Groups.of(key, build)));
    parts.backends().forget(key);
    called.forget(key);
  }

  private static Map<Capture, PublishOutcome> joined(
      Map<Capture, CompletableFuture<PublishOutcome>> outcomes) {
    return outcomes.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, outcome -> outcome.getValue().join()));
  }
}
