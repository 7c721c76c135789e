package dev.portcullis.operator.status;

import static dev.portcullis.operator.status.ConditionTypes.ACCEPTED;
import static dev.portcullis.operator.status.ConditionTypes.ENFORCED;
import static dev.portcullis.operator.status.ConditionTypes.PROGRAMMED;
import static dev.portcullis.operator.status.ConditionTypes.READY;
import static dev.portcullis.operator.status.ConditionTypes.RESOLVED_REFS;

import dev.portcullis.operator.intent.Shadow;
import dev.portcullis.operator.resolve.Problem;
import dev.portcullis.operator.status.Finding.Value;
import dev.portcullis.operator.status.PodVerdict.Stage;
import dev.portcullis.operator.xds.PublishOutcome;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the conditions say, from a policy's facts and its pods' verdicts. */
record Findings(PolicyFacts facts, List<PodVerdict> pods) {

  private static final int NAMED = 3;

  /** In the order in which a user reads them. */
  List<Finding> all() {
    var accepted = accepted();
    var references = references();
    var programmed = accepted.holds() ? programmed() : notAccepted(PROGRAMMED);
    var enforced = accepted.holds() ? enforced() : notAccepted(ENFORCED);
    var parts =
        Stream.of(Stream.of(accepted), references.stream(), Stream.of(programmed, enforced))
            .flatMap(part -> part)
            .toList();
    var ready = parts.stream().filter(finding -> !finding.holds()).findFirst().orElse(enforced);
    return Stream.of(
            parts.stream(),
            Stream.of(ready.as(READY)),
            CallFindings.of(facts.calls()).stream(),
            Alarms.of(facts, pods))
        .flatMap(part -> part)
        .toList();
  }

  private Optional<Finding> references() {
    return switch (facts.references()) {
      case References.None() -> Optional.empty();
      case References.Usable _ ->
          Optional.of(
              new Finding(RESOLVED_REFS, Value.TRUE, "ResolvedRefs", "All of it can be used."));
      case References.Unusable(var faults, _) ->
          Optional.of(
              new Finding(
                  RESOLVED_REFS,
                  Value.FALSE,
                  faults.getFirst().reason(),
                  faults.stream()
                      .map(fault -> fault.field() + ": " + fault.message())
                      .distinct()
                      .collect(Collectors.joining(" ", "", " Nobody is let in by these."))));
    };
  }

  private Finding accepted() {
    return switch (facts.understanding()) {
      case Understanding.Understood(_) ->
          new Finding(ACCEPTED, Value.TRUE, "Accepted", "The policy is understood.");
      case Understanding.Refused(var problems) ->
          new Finding(
              ACCEPTED, Value.FALSE, problems.getFirst().reason().name(), sentences(problems));
      case Understanding.Failed(var message) ->
          new Finding(ACCEPTED, Value.FALSE, "Unreadable", message);
    };
  }

  private Finding notAccepted(String type) {
    var stays =
        facts.versionInForce() == null
            ? "Nothing is in force: the gate of a new pod stays closed."
            : "The last accepted configuration, version %s, stays in force."
                .formatted(facts.versionInForce());
    return new Finding(type, Value.FALSE, "NotAccepted", stays);
  }

  private Finding programmed() {
    return rejection()
        .orElseGet(
            () -> {
              if (facts.publications().isEmpty()) {
                return new Finding(
                    PROGRAMMED, Value.FALSE, "Pending", "The configuration is not published yet.");
              }
              return pods.isEmpty() ? noPods(PROGRAMMED) : programmedPods();
            });
  }

  /** The canary's refusal, or else the first sidecar's; and what serves on. */
  private Optional<Finding> rejection() {
    var byCanary =
        facts.publications().stream()
            .filter(PublishOutcome.Rejected.class::isInstance)
            .map(PublishOutcome.Rejected.class::cast)
            .map(rejected -> rejected.resource() + ": " + rejected.message() + inForce());
    var bySidecar = shortOf("Rejected").map(pod -> pod.facts().name() + ": " + refused(pod));
    return Stream.concat(byCanary, bySidecar)
        .findFirst()
        .map(text -> new Finding(PROGRAMMED, Value.FALSE, "Rejected", text));
  }

  private String inForce() {
    return facts.versionInForce() == null
        ? ""
        : " (the last good version, %s, keeps serving)".formatted(facts.versionInForce());
  }

  private static String refused(PodVerdict pod) {
    return pod.shortfall().get().message()
        + pod.servedVersion()
            .map(" (the pod keeps serving the last version that it took, %s)"::formatted)
            .orElse("");
  }

  private Finding programmedPods() {
    var count = count(Stage.PROGRAMMED);
    return count == pods.size()
        ? new Finding(PROGRAMMED, Value.TRUE, "Programmed", counted(count, "run this generation"))
        : new Finding(PROGRAMMED, Value.FALSE, "Pending", counted(count, "run this generation"));
  }

  private Finding enforced() {
    if (pods.isEmpty()) {
      return noPods(ENFORCED);
    }
    if (facts.firewall() instanceof Firewall.Short(var names)) {
      return new Finding(
          ENFORCED,
          Value.FALSE,
          "FirewallDiffers",
          "NetworkPolicies missing or not as generated: " + String.join(", ", names) + ".");
    }
    var count = count(Stage.ENFORCED);
    if (count == pods.size()) {
      return rejection().isPresent() ? lastGoodEnforced(count) : enforced(count);
    }
    return new Finding(
        ENFORCED, Value.FALSE, commonReason(), counted(count, "enforce the policy") + named());
  }

  private Finding enforced(long count) {
    return facts
        .shadow()
        .map(
            shadow ->
                new Finding(
                    ENFORCED,
                    Value.FALSE,
                    "Shadow",
                    counted(count, "run the policy") + unenforced(shadow) + renewable()))
        .orElseGet(
            () ->
                new Finding(
                    ENFORCED,
                    Value.TRUE,
                    "Enforced",
                    counted(count, "enforce the policy") + renewable()));
  }

  private static String unenforced(Shadow shadow) {
    return switch (shadow) {
      case Shadow.OfPolicy _ ->
          " It is in shadow: what it does not allow is let through and counted, and all pods of"
              + " the cluster may reach the port.";
      case Shadow.OfRoutes(var routes) ->
          " %d routes are in shadow and deny nothing: %s%s"
              .formatted(
                  routes.size(),
                  routes.stream().limit(NAMED).collect(Collectors.joining(", ")),
                  routes.size() > NAMED ? ", ..." : ".");
    };
  }

  private Finding lastGoodEnforced(long count) {
    return new Finding(
        ENFORCED,
        Value.FALSE,
        "Rejected",
        counted(count, "enforce the last good version, not this generation"));
  }

  private static Finding noPods(String type) {
    return new Finding(
        type, Value.UNKNOWN, "NoPods", "No running pod is selected: there is nothing to measure.");
  }

  private String commonReason() {
    var reasons =
        pods.stream()
            .flatMap(pod -> pod.shortfall().stream())
            .map(PodVerdict.Shortcoming::reason)
            .distinct()
            .toList();
    return reasons.size() == 1 ? reasons.getFirst() : "Shortfalls";
  }

  private String named() {
    return pods.stream()
        .filter(pod -> pod.shortfall().isPresent())
        .limit(NAMED)
        .map(pod -> pod.facts().name() + " (" + pod.shortfall().get().reason() + ")")
        .collect(Collectors.joining(", ", " Short: ", "."));
  }

  private Stream<PodVerdict> shortOf(String reason) {
    return pods.stream()
        .filter(pod -> pod.shortfall().filter(s -> s.reason().equals(reason)).isPresent());
  }

  long count(Stage stage) {
    return pods.stream().filter(pod -> pod.reached(stage)).count();
  }

  long outdated() {
    return pods.stream().filter(pod -> pod.facts().outdated().isPresent()).count();
  }

  private String renewable() {
    var count = outdated();
    return count == 0
        ? ""
        : " Outdated sidecars: %d; recreate their pods to renew them.".formatted(count);
  }

  private String counted(long count, String what) {
    return "%d of %d pods %s.".formatted(count, pods.size(), what);
  }

  private static String sentences(List<Problem> problems) {
    return problems.stream()
        .map(problem -> problem.field() + ": " + problem.message())
        .collect(Collectors.joining(" "));
  }
}
