package dev.portcullis.operator.watch.report;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.watch.cluster.ObservedPod.Sidecar.Template;
import java.util.Optional;

/** What sidecars are made from now. */
public interface SidecarTemplates {

  /** That of a pod that this policy selects and that is created now. */
  Template of(ApiBackendPolicy policy);

  /** In what a sidecar differs from the one that a new pod gets; empty when in nothing. */
  static Optional<String> difference(Template running, Template fresh) {
    if (running.hash().equals(fresh.hash())) {
      return Optional.empty();
    }
    return Optional.of(
        running.proxyImage().equals(fresh.proxyImage())
            ? "Its sidecar was made from other settings than a new pod's: recreate it."
            : "Its proxy is %s, a new pod's is %s: recreate it."
                .formatted(running.proxyImage(), fresh.proxyImage()));
  }
}
