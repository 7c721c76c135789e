package dev.portcullis.operator.watch.report;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What stands between the NetworkPolicies that are stored and those that should be. Pure. */
record FirewallPlan(List<Step> steps) {

  /** One write. */
  sealed interface Step {

    /** It is not there. */
    record Create(NetworkPolicy wanted) implements Step {}

    /** It is there, but says something else. */
    record Correct(NetworkPolicy wanted, NetworkPolicy stored) implements Step {}

    /** The policy does not ask for it any more. */
    record Remove(NetworkPolicy stored) implements Step {}
  }

  static FirewallPlan between(Collection<NetworkPolicy> wanted, Collection<NetworkPolicy> stored) {
    var found = byName(stored);
    var asked = byName(wanted);
    var steps = new ArrayList<Step>();
    asked.forEach(
        (name, policy) -> {
          var there = found.get(name);
          if (there == null) {
            steps.add(new Step.Create(policy));
          } else if (!saysTheSame(policy, there)) {
            steps.add(new Step.Correct(policy, there));
          }
        });
    found.forEach(
        (name, policy) -> {
          if (!asked.containsKey(name)) {
            steps.add(new Step.Remove(policy));
          }
        });
    return new FirewallPlan(List.copyOf(steps));
  }

  /** What others add in labels of their own is theirs. */
  private static boolean saysTheSame(NetworkPolicy wanted, NetworkPolicy stored) {
    return Objects.equals(wanted.getSpec(), stored.getSpec())
        && contains(stored.getMetadata().getLabels(), wanted.getMetadata().getLabels())
        && stored
            .getMetadata()
            .getOwnerReferences()
            .containsAll(wanted.getMetadata().getOwnerReferences());
  }

  private static boolean contains(Map<String, String> labels, Map<String, String> wanted) {
    return labels != null && labels.entrySet().containsAll(wanted.entrySet());
  }

  private static Map<String, NetworkPolicy> byName(Collection<NetworkPolicy> policies) {
    return policies.stream()
        .collect(Collectors.toMap(policy -> policy.getMetadata().getName(), Function.identity()));
  }
}
