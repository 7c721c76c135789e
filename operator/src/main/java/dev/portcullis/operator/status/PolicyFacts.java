package dev.portcullis.operator.status;

import dev.portcullis.api.v1alpha1.ApiBackendPolicyStatus;
import dev.portcullis.operator.intent.Shadow;
import dev.portcullis.operator.xds.PublishOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that is known of one policy at one moment.
 *
 * @param selector the spec's selector as text
 * @param publications what became of the configuration, one per way of capture in use; empty while
 *     nothing was published
 * @param versionInForce what the pods are meant to run; the last good one if the newest was refused
 * @param pods the selected pods that live
 * @param throttled a sentence for each service account of theirs that gets no certificates for now
 * @param calls of other backends, as the policy asks for them now
 * @param documented by which OpenAPI document, of what is in force
 * @param revocation empty while nothing of the policy is in force here
 * @param shadow what of the policy, as it is now, denies nothing; empty where all is enforced
 * @param shadowCounts of all pods together
 */
public record PolicyFacts(
    long generation,
    String selector,
    Understanding understanding,
    List<PublishOutcome> publications,
    String versionInForce,
    List<PodFacts> pods,
    Firewall firewall,
    List<String> throttled,
    List<CallFacts> calls,
    References references,
    Instant now,
    Optional<Revocation> revocation,
    Documented documented,
    Optional<Shadow> shadow,
    ShadowCounts shadowCounts) {

  /** Of a policy that was never judged. */
  public PolicyFacts(
      long generation,
      String selector,
      Understanding understanding,
      List<PublishOutcome> publications,
      String versionInForce,
      List<PodFacts> pods,
      Firewall firewall,
      List<String> throttled,
      List<CallFacts> calls,
      References references,
      Instant now) {
    this(
        generation,
        selector,
        understanding,
        publications,
        versionInForce,
        pods,
        firewall,
        throttled,
        calls,
        references,
        now,
        Optional.empty(),
        new Documented.ByNothing(),
        Optional.empty(),
        ShadowCounts.NONE);
  }

  public PolicyFacts {
    publications = List.copyOf(publications);
    pods = List.copyOf(pods);
    throttled = List.copyOf(throttled);
    calls = List.copyOf(calls);
  }

  /** Of a policy whose application calls nobody. */
  public PolicyFacts(
      long generation,
      String selector,
      Understanding understanding,
      List<PublishOutcome> publications,
      String versionInForce,
      List<PodFacts> pods,
      Firewall firewall,
      List<String> throttled,
      References references,
      Instant now) {
    this(
        generation,
        selector,
        understanding,
        publications,
        versionInForce,
        pods,
        firewall,
        throttled,
        List.of(),
        references,
        now);
  }

  /** Of the pods' certificates, as they were measured last, the one that ends first. */
  public Optional<Validity> soonestToEnd() {
    return pods.stream()
        .flatMap(pod -> pod.reading().shown().stream())
        .min(Comparator.comparing(Validity::until));
  }

  /**
   * How long until the first connection that is told about is cut, if one is; zero where that came
   * while the facts were gathered.
   */
  public Optional<Duration> untilNextCut() {
    return pods.stream()
        .map(PodFacts::cut)
        .flatMap(cut -> cut instanceof PodFacts.Cut.Until(var end) ? Stream.of(end) : Stream.of())
        .min(Comparator.naturalOrder())
        .map(end -> Duration.between(now, end))
        .map(rest -> rest.isNegative() ? Duration.ZERO : rest);
  }

  /** Whether a status speaks of this generation already. */
  public boolean areToldBy(ApiBackendPolicyStatus status) {
    return Objects.equals(status.observedGeneration(), generation);
  }

  /**
   * Whether a moment will tell more: something was not yet published or measured, as after a start
   * of the operator. A status that speaks of this generation already is not worsened by that.
   */
  public boolean arePreliminary() {
    return understanding instanceof Understanding.Understood
        && (publications.isEmpty() || pods.stream().anyMatch(PodFacts::isUnmeasured));
  }
}
