package dev.portcullis.operator.status;

import dev.portcullis.api.v1alpha1.ApiBackendPolicyStatus;
import dev.portcullis.api.v1alpha1.OpenApiStatus;
import dev.portcullis.operator.status.PodFacts.Keys;
import dev.portcullis.operator.status.PodVerdict.Stage;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Builds the status of a policy.
 *
 * <p>Equal facts give an equal status, so that nothing is written without a change: a condition
 * keeps its transition time until its value changes, and a message holds no time of measurement.
 */
public final class StatusReport {

  private static final ApiBackendPolicyStatus.Certificates NOTHING =
      new ApiBackendPolicyStatus.Certificates(null, null, null);

  private StatusReport() {}

  /**
   * @param previous what the object says now; null when it says nothing
   */
  public static ApiBackendPolicyStatus of(PolicyFacts facts, ApiBackendPolicyStatus previous) {
    var pods =
        facts.pods().stream()
            .sorted(Comparator.comparing(PodFacts::name))
            .map(pod -> PodVerdict.of(pod, facts.now()))
            .toList();
    var findings = new Findings(facts, pods);
    return new ApiBackendPolicyStatus(
        facts.generation(),
        facts.selector(),
        conditions(findings, previous),
        ApiBackendPolicyStatus.Pods.of(
                pods.size(),
                (int) findings.count(Stage.INJECTED),
                (int) findings.count(Stage.PROGRAMMED),
                (int) findings.count(Stage.ENFORCED))
            .withOutdated((int) findings.outdated()),
        certificates(pods),
        facts.versionInForce(),
        shortfalls(pods),
        outdated(pods),
        facts.revocation().map(StatusReport::revocation).orElseGet(() -> told(previous)),
        openApi(facts.documented(), previous),
        facts.shadow().map(_ -> ShadowReport.of(facts.shadowCounts())).orElse(null));
  }

  private static OpenApiStatus openApi(Documented documented, ApiBackendPolicyStatus previous) {
    return switch (documented) {
      case Documented.By(var documentation) -> OpenApiReport.of(documentation);
      case Documented.ByNothing() -> null;
      case Documented.NotKnown() -> previous == null ? null : previous.openApi();
    };
  }

  /** What is not known now was known before. */
  private static ApiBackendPolicyStatus.Revocation told(ApiBackendPolicyStatus previous) {
    return previous == null ? null : previous.revocation();
  }

  private static ApiBackendPolicyStatus.Revocation revocation(Revocation revocation) {
    var epoch = revocation.epoch();
    return new ApiBackendPolicyStatus.Revocation(
        revocation.judged(),
        epoch.callers() == 0 ? null : epoch.callers(),
        epoch.authorities() == 0 ? null : epoch.authorities(),
        switch (revocation.state()) {
          case CUTTING -> "Cutting";
          case DONE -> "Done";
        });
  }

  private static List<Condition> conditions(Findings findings, ApiBackendPolicyStatus previous) {
    var now = findings.facts().now().truncatedTo(ChronoUnit.SECONDS).toString();
    return findings.all().stream()
        .map(
            finding ->
                finding.at(
                    findings.facts().generation(), transitionTime(finding, previous).orElse(now)))
        .toList();
  }

  private static Optional<String> transitionTime(Finding finding, ApiBackendPolicyStatus previous) {
    return previous == null
        ? Optional.empty()
        : previous.conditions().stream()
            .filter(condition -> condition.getType().equals(finding.type()))
            .filter(condition -> Objects.equals(condition.getStatus(), finding.value().text))
            .map(Condition::getLastTransitionTime)
            .findFirst();
  }

  /** Null while nothing is known of any. */
  private static ApiBackendPolicyStatus.Certificates certificates(List<PodVerdict> pods) {
    var told =
        new ApiBackendPolicyStatus.Certificates(
            soonestExpiry(pods), keys(pods, Keys.KUBELET), keys(pods, Keys.OPERATOR));
    return told.equals(NOTHING) ? null : told;
  }

  private static String soonestExpiry(List<PodVerdict> pods) {
    return pods.stream()
        .flatMap(pod -> pod.certificate().stream())
        .map(Validity::until)
        .min(Comparator.naturalOrder())
        .map(Instant::toString)
        .orElse(null);
  }

  private static Integer keys(List<PodVerdict> pods, Keys by) {
    var count = pods.stream().filter(pod -> pod.facts().keys().equals(Optional.of(by))).count();
    return count == 0 ? null : (int) count;
  }

  private static List<ApiBackendPolicyStatus.Shortfall> shortfalls(List<PodVerdict> pods) {
    return pods.stream()
        .flatMap(
            pod ->
                pod.shortfall().stream()
                    .map(
                        why ->
                            new ApiBackendPolicyStatus.Shortfall(
                                pod.facts().name(), why.reason(), why.message())))
        .limit(ApiBackendPolicyStatus.MAX_SHORTFALLS)
        .toList();
  }

  private static List<ApiBackendPolicyStatus.Outdated> outdated(List<PodVerdict> pods) {
    return pods.stream()
        .map(PodVerdict::facts)
        .flatMap(
            pod ->
                pod.outdated().stream()
                    .map(why -> new ApiBackendPolicyStatus.Outdated(pod.name(), why)))
        .limit(ApiBackendPolicyStatus.MAX_OUTDATED)
        .toList();
  }
}
