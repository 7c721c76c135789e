package dev.portcullis.operator.status;

import dev.portcullis.operator.status.Finding.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Conditions that are there only while something wants somebody to look at it. */
final class Alarms {

  private static final int NAMED = 3;

  private Alarms() {}

  static Stream<Finding> of(PolicyFacts facts, List<PodVerdict> pods) {
    return Stream.of(
            expiring(facts, pods),
            throttled(facts),
            doubtful(facts.understanding()),
            stale(facts.references()))
        .flatMap(Optional::stream);
  }

  /** That of one that holds a certificate. */
  static Finding expiring(String message) {
    return new Finding(ConditionTypes.EXPIRING, Value.TRUE, "NotRenewed", message);
  }

  private static Optional<Finding> expiring(PolicyFacts facts, List<PodVerdict> pods) {
    var late = pods.stream().flatMap(pod -> late(pod, facts).stream()).toList();
    return late.isEmpty()
        ? Optional.empty()
        : Optional.of(
            expiring(
                "Certificates of %d of %d pods were not renewed at half of their life: %s%s."
                    .formatted(
                        late.size(),
                        pods.size(),
                        late.stream().limit(NAMED).collect(Collectors.joining(", ")),
                        late.size() > NAMED ? ", ..." : "")));
  }

  private static Optional<String> late(PodVerdict pod, PolicyFacts facts) {
    if (pod.facts().reading() instanceof PodFacts.Reading.Expired) {
      return Optional.of(pod.facts().name() + " (has ended)");
    }
    return pod.certificate()
        .filter(certificate -> certificate.nearsItsEnd(facts.now()))
        .map(certificate -> "%s (ends %s)".formatted(pod.facts().name(), certificate.until()));
  }

  private static Optional<Finding> doubtful(Understanding understanding) {
    return switch (understanding) {
      case Understanding.Understood(var doubts) when !doubts.isEmpty() ->
          Optional.of(
              new Finding(
                  ConditionTypes.DOUBTFUL,
                  Value.TRUE,
                  "TimeoutsDisagree",
                  String.join(" ", doubts)));
      case Understanding.Understood understood -> Optional.empty();
      case Understanding.Refused refused -> Optional.empty();
      case Understanding.Failed failed -> Optional.empty();
    };
  }

  private static Optional<Finding> stale(References references) {
    return references.late().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                ConditionTypes.STALE,
                Value.TRUE,
                references.late().getFirst().reason(),
                references.late().stream()
                    .map(fault -> fault.field() + ": " + fault.message())
                    .collect(Collectors.joining(" "))));
  }

  private static Optional<Finding> throttled(PolicyFacts facts) {
    return facts.throttled().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                ConditionTypes.THROTTLED,
                Value.TRUE,
                "TooManyCertificates",
                String.join(" ", facts.throttled())));
  }
}
