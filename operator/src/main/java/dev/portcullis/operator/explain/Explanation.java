package dev.portcullis.operator.explain;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.envoy.DenialId;
import dev.portcullis.operator.envoy.DenialRules;
import dev.portcullis.operator.explain.Plugin.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Id -> layer, policy, rule, generation, and what to do. */
final class Explanation {

  private static final int NOT_FOUND = 1;

  static Answer of(Options options, Policies policies, String input) {
    var text = options.words().isEmpty() ? "" : options.words().getFirst();
    var id =
        DenialId.parse(text)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "'%s' is no id of a denial, such as callers-nthffcsj".formatted(text)));
    var rules = new ArrayList<String>();
    for (var policy : policies.named(options.setting("policy"))) {
      rulesOf(id, policy, policies, options).ifPresent(rules::add);
    }
    var known =
        """
        layer       %s
        happened    %s
        remedy      %s%s"""
            .formatted(
                id.layer().word(), id.layer().meaning(), id.layer().remedy(), refused(id, input));
    return rules.isEmpty()
        ? new Answer(
            known
                + "\npolicy      none of the %d that were looked at has such a rule: ask with its"
                    .formatted(policies.policies().size())
                + " namespace, or the rule is gone since",
            NOT_FOUND)
        : new Answer(String.join("\n", rules) + "\n" + known, 0);
  }

  /** The rule is told as it is now; this is what it was when it refused. */
  private static String refused(DenialId id, String input) {
    var generations = RefusalLines.of(id, input);
    return generations.isEmpty() ? "" : "\nrefused     " + lines(generations);
  }

  private static Optional<String> rulesOf(
      DenialId id, ApiBackendPolicy policy, Policies policies, Options options) {
    var rules = DenialRules.of(id, policies.meaning(policy, options.trustDomain()));
    return rules.isEmpty()
        ? Optional.empty()
        : Optional.of(
            """
            policy      %s, generation %s
            rule        %s"""
                .formatted(Policies.nameOf(policy), generation(policy), lines(rules)));
  }

  private static String generation(ApiBackendPolicy policy) {
    var generation = policy.getMetadata().getGeneration();
    return generation == null ? "of a file" : generation.toString();
  }

  private static String lines(List<String> rules) {
    return String.join("\n            ", rules);
  }

  private Explanation() {}
}
