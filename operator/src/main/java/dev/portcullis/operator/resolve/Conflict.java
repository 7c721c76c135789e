package dev.portcullis.operator.resolve;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.resolve.Problem.Reason;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Two policies that select one pod: the older one wins, equal ages by name (GEP-713). The loser is
 * refused as a whole, also for pods that it alone selects, so that nobody has to guess which half
 * of a policy is in force.
 */
final class Conflict {

  static Optional<Problem> of(BackendView view) {
    return view.rivals().stream()
        .filter(rival -> precedes(rival, view.policy()))
        .sorted(PolicySelection.PRECEDENCE)
        .flatMap(rival -> with(rival, view).stream())
        .findFirst();
  }

  private static boolean precedes(ApiBackendPolicy rival, ApiBackendPolicy policy) {
    return Objects.equals(namespace(rival), namespace(policy))
        && PolicySelection.PRECEDENCE.compare(rival, policy) < 0;
  }

  private static Optional<Problem> with(ApiBackendPolicy rival, BackendView view) {
    var pod =
        view.pods().entrySet().stream()
            .filter(each -> PolicySelection.selects(rival, each.getValue()))
            .filter(each -> PolicySelection.selects(view.policy(), each.getValue()))
            .min(Map.Entry.comparingByKey());
    if (pod.isPresent()) {
      return Optional.of(lost(rival, "selects pod " + pod.get().getKey() + " too"));
    }
    return hasSameSelector(rival, view.policy())
        ? Optional.of(lost(rival, "has the same selector"))
        : Optional.empty();
  }

  private static boolean hasSameSelector(ApiBackendPolicy rival, ApiBackendPolicy policy) {
    return rival.getSpec() != null
        && policy.getSpec() != null
        && rival.getSpec().selector() != null
        && rival.getSpec().selector().equals(policy.getSpec().selector());
  }

  private static Problem lost(ApiBackendPolicy winner, String why) {
    return new Problem(
        "spec.selector",
        Reason.Conflicted,
        "The older policy %s/%s %s and stays in force. Change the selector of one, or delete one."
            .formatted(namespace(winner), winner.getMetadata().getName(), why));
  }

  private static String namespace(ApiBackendPolicy policy) {
    return policy.getMetadata().getNamespace();
  }

  private Conflict() {}
}
