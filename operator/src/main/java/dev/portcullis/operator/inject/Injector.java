package dev.portcullis.operator.inject;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Optional;

/** Decides on pods. Reads nothing of a pod but what it asks to be; annotations decide nothing. */
public final class Injector {

  private final Plans plans;
  private final PodInjection injection;
  private final SidecarTemplate template;

  public Injector(Plans plans, SidecarTemplate template) {
    this.plans = plans;
    this.injection = new PodInjection(template);
    this.template = template;
  }

  /**
   * @param namespace of the request; the pod itself need not say it
   * @param pod stays as it is
   */
  public InjectionDecision decide(String namespace, Pod pod) {
    if (!plans.isComplete()) {
      return new InjectionDecision.Wait(
          "Portcullis does not know all policies yet, and lets no pod in before it does; try"
              + " again.");
    }
    var labels = Optional.ofNullable(pod.getMetadata().getLabels()).orElse(Map.of());
    return plans
        .planFor(namespace, labels)
        .map(plan -> decide(plan, pod))
        .orElseGet(() -> unselected(namespace));
  }

  private InjectionDecision unselected(String namespace) {
    return plans
        .illegibleIn(namespace)
        .<InjectionDecision>map(
            policy ->
                new InjectionDecision.Wait(
                    "This version of Portcullis cannot read the selector of ApiBackendPolicy %s, which"
                            .formatted(policy)
                        + " may select this pod; see the policy's status."))
        .orElseGet(() -> new InjectionDecision.Skip("no ApiBackendPolicy selects the pod"));
  }

  /** Hash of what a pod would be injected with; equal ones mean equal sidecars. */
  public String templateFor(InjectionPlan plan) {
    return injection.versionFor(plan);
  }

  /** Injects the same sidecar, into any pod, for a policy that does not exist. */
  Injector rehearsing() {
    return new Injector(new Rehearsal.Everything(), template);
  }

  private InjectionDecision decide(InjectionPlan plan, Pod pod) {
    try {
      var injected = injection.inject(plan, pod);
      return injected.equals(pod)
          ? new InjectionDecision.Skip("the pod is injected already")
          : new InjectionDecision.Inject(plan, injected);
    } catch (Rejection rejection) {
      return new InjectionDecision.Refuse(
          "ApiBackendPolicy %s selects this pod, but its sidecar cannot be injected: %s"
              .formatted(plan.policy(), rejection.getMessage()));
    }
  }
}
