package dev.portcullis.operator;

import dev.portcullis.operator.envoy.EnvoyTranslator;
import dev.portcullis.operator.network.NetworkPolicies;
import dev.portcullis.operator.resolve.BackendView;
import dev.portcullis.operator.resolve.KeyReference;
import dev.portcullis.operator.resolve.PolicyResolver;
import dev.portcullis.operator.resolve.Problem;
import dev.portcullis.operator.resolve.Resolution.Resolved;
import dev.portcullis.operator.resolve.Resolution.Unresolved;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;

/** All that a policy comes to: what its pods, their sidecars and the firewall get to hear of it. */
public sealed interface PolicyMeaning {

  /**
   * It is enforced like this.
   *
   * @param envoy the content version of everything that the sidecars run
   * @param asked where the leader asks for keys, and how often
   */
  record Enforced(String envoy, String firewall, String injection, List<KeyReference> asked)
      implements PolicyMeaning {}

  /** It is refused, and its status says why. */
  record Refused(List<Problem> problems) implements PolicyMeaning {}

  /** What becomes of the policy of this view. */
  static PolicyMeaning of(BackendView view) {
    return switch (PolicyResolver.resolve(view)) {
      case Resolved(var intent) ->
          new Enforced(
              new EnvoyTranslator().translate(intent).version(),
              Serialization.asYaml(NetworkPolicies.of(intent)),
              PolicyPlans.plan(view.policy()).toString(),
              KeyReference.of(view.policy()));
      case Unresolved(var problems) -> new Refused(problems);
    };
  }
}
