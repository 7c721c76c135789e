package dev.portcullis.operator.inject;

import dev.portcullis.bootstrap.contract.AppProbe;
import dev.portcullis.operator.names.Annotations;
import dev.portcullis.operator.names.Labels;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;

/** Pod -> Pod. An injected pod is unwrapped first, so that doing it twice is doing it once. */
record PodInjection(SidecarTemplate template) {

  Pod inject(InjectionPlan plan, Pod original) throws Rejection {
    var bare = Injected.unwrap(original);
    PodRules.check(plan, bare);
    var probes = new ProbeRewrite();
    var rewritten = probes.rewrite(bare);
    return wrap(rewritten, Sidecar.of(template, plan, probes.found(), grace(bare)), plan);
  }

  private Pod wrap(Pod pod, Sidecar sidecar, InjectionPlan plan) {
    return new PodBuilder(pod)
        .editMetadata()
        .addToLabels(Labels.POLICY, plan.policy())
        .addToAnnotations(Annotations.CAPTURE, plan.capture().value())
        .addToAnnotations(Annotations.TEMPLATE, versionFor(plan))
        .endMetadata()
        .editSpec()
        .addToInitContainers(0, sidecar.init())
        .addToInitContainers(1, sidecar.proxy())
        .addAllToVolumes(sidecar.volumes())
        .endSpec()
        .build();
  }

  /** Says the same of every pod that a policy's sidecar is injected into in the same way. */
  String versionFor(InjectionPlan plan) {
    return TemplateHash.of(Sidecar.of(template, plan, List.<AppProbe>of(), DEFAULT_GRACE));
  }

  private static final long DEFAULT_GRACE = 30;

  private static long grace(Pod pod) {
    var grace = pod.getSpec().getTerminationGracePeriodSeconds();
    return grace == null ? DEFAULT_GRACE : grace;
  }
}
