package dev.portcullis.operator.inject;

import dev.portcullis.bootstrap.contract.AppProbe;
import dev.portcullis.bootstrap.contract.AppProbes;
import dev.portcullis.bootstrap.contract.SidecarEnv;
import dev.portcullis.operator.names.Annotations;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Takes out of a pod what was injected, so that it can be injected anew: because another webhook
 * changed it meanwhile, or because it is a copy of an injected pod. What only pretends to be ours
 * is taken out just the same.
 */
final class Injected {

  private static final Set<String> CONTAINERS = Set.of(Names.INIT_CONTAINER, Names.PROXY_CONTAINER);

  private Injected() {}

  /** The same pod if it does not say that it was injected. */
  static Pod unwrap(Pod pod) throws Rejection {
    var annotations = pod.getMetadata().getAnnotations();
    var init = initOf(pod);
    if (annotations == null || !annotations.containsKey(Annotations.TEMPLATE) || init.isEmpty()) {
      return pod;
    }
    return ProbeRestore.restore(stripped(pod), probesOf(init.get()));
  }

  private static Pod stripped(Pod pod) {
    return new PodBuilder(pod)
        .editMetadata()
        .removeFromLabels(Labels.POLICY)
        .removeFromAnnotations(Annotations.CAPTURE)
        .removeFromAnnotations(Annotations.TEMPLATE)
        .endMetadata()
        .editSpec()
        .removeMatchingFromInitContainers(each -> CONTAINERS.contains(each.getName()))
        .removeMatchingFromVolumes(each -> SidecarVolumes.NAMES.contains(each.getName()))
        .endSpec()
        .build();
  }

  private static Optional<Container> initOf(Pod pod) {
    return PodContainers.orNone(pod.getSpec().getInitContainers()).stream()
        .filter(container -> Names.INIT_CONTAINER.equals(container.getName()))
        .findFirst();
  }

  private static List<AppProbe> probesOf(Container init) throws Rejection {
    var text =
        PodContainers.orNone(init.getEnv()).stream()
            .filter(variable -> SidecarEnv.APP_PROBES.equals(variable.getName()))
            .map(EnvVar::getValue)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse("");
    try {
      return AppProbes.parse(text);
    } catch (IllegalArgumentException damaged) {
      throw new Rejection(
          "it was injected before, but %s of %s cannot be read (%s); create it without both.",
          SidecarEnv.APP_PROBES, Names.INIT_CONTAINER, damaged.getMessage());
    }
  }
}
