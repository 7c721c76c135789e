package dev.portcullis.operator.inject;

import io.fabric8.kubernetes.api.model.Pod;

/** What becomes of a pod that is being created. */
public sealed interface InjectionDecision {

  /** It is let in as {@code pod}. */
  record Inject(InjectionPlan plan, Pod pod) implements InjectionDecision {}

  /** It is let in as it is. */
  record Skip(String reason) implements InjectionDecision {}

  /** It is not let in, by its own fault; the message says what to do. */
  record Refuse(String message) implements InjectionDecision {}

  /** It is not let in for now, because nobody here knows which policy selects it. */
  record Wait(String message) implements InjectionDecision {}
}
