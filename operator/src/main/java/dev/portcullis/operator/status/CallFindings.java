package dev.portcullis.operator.status;

import dev.portcullis.operator.status.Finding.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether the calls of a policy can work. It says nothing of the gate in front of the application,
 * so it is no part of Ready: two backends that call each other would wait for ever.
 */
final class CallFindings {

  private record Fault(String reason, String sentence) {}

  /** Empty for a policy that calls nobody. */
  static Optional<Finding> of(List<CallFacts> calls) {
    if (calls.isEmpty()) {
      return Optional.empty();
    }
    var faults = calls.stream().flatMap(CallFindings::faults).toList();
    return Optional.of(faults.isEmpty() ? ready(calls) : broken(faults));
  }

  private static Finding ready(List<CallFacts> calls) {
    return new Finding(
        ConditionTypes.CALLS_READY,
        Value.TRUE,
        "CallsReady",
        "The backends of all calls have ready pods: %d.".formatted(calls.size()));
  }

  private static Finding broken(List<Fault> faults) {
    return new Finding(
        ConditionTypes.CALLS_READY,
        Value.FALSE,
        faults.getFirst().reason(),
        faults.stream().map(Fault::sentence).collect(Collectors.joining(" ")));
  }

  private static Stream<Fault> faults(CallFacts call) {
    return Stream.concat(clash(call).stream(), unreachable(call).stream());
  }

  private static Optional<Fault> clash(CallFacts call) {
    return call.clashes().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Fault(
                "PortTaken",
                "%s: localPort %d is a port of a container of pod %s too: choose another."
                    .formatted(call.name(), call.port(), call.clashes().getFirst())));
  }

  private static Optional<Fault> unreachable(CallFacts call) {
    return switch (call.is()) {
      case READY -> Optional.empty();
      case WITHOUT_READY_PODS ->
          Optional.of(
              new Fault(
                  "NoReadyPods",
                  "%s: no pod of %s is ready behind its gate; calls are answered 503."
                      .formatted(call.name(), call.backend())));
      case UNKNOWN ->
          Optional.of(
              new Fault(
                  "BackendUnknown",
                  ("%s: there is no policy %s, or it names no identity of this namespace among its"
                          + " callers; calls are answered 503.")
                      .formatted(call.name(), call.backend())));
    };
  }

  private CallFindings() {}
}
