package dev.portcullis.operator.inject;

import java.util.Map;
import java.util.Optional;

/** What is known of policies on this replica. */
public interface Plans {

  /** Whether an empty answer of {@link #planFor} means that no policy selects the pod. */
  boolean isComplete();

  /**
   * Name of a policy of the namespace that cannot be read so far as to know which pods it selects.
   */
  Optional<String> illegibleIn(String namespace);

  /** What the policy that selects a pod with these labels asks for; empty if none selects it. */
  Optional<InjectionPlan> planFor(String namespace, Map<String, String> labels);
}
