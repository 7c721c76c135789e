package dev.portcullis.operator.watch.cluster;

import dev.portcullis.operator.intent.Epoch;
import dev.portcullis.operator.status.Revocation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Optional;

/** {@code status.revocation} of a policy as it is stored. */
final class ToldRevocation {

  /** Empty where there is none: no operator has judged the policy yet. */
  static Optional<Revocation> in(GenericKubernetesResource policy) {
    return Optional.ofNullable(policy.<Object>get("status", "revocation"))
        .map(
            told ->
                new Revocation(
                    number(policy, "judgedGeneration"),
                    new Epoch(number(policy, "generation"), (int) number(policy, "authorities")),
                    "Done".equals(policy.get("status", "revocation", "state"))
                        ? Revocation.State.DONE
                        : Revocation.State.CUTTING));
  }

  private static long number(GenericKubernetesResource policy, String field) {
    return policy.get("status", "revocation", field) instanceof Number number
        ? number.longValue()
        : 0;
  }

  private ToldRevocation() {}
}
