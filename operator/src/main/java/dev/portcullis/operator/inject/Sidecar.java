package dev.portcullis.operator.inject;

import dev.portcullis.bootstrap.contract.AppProbe;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;

/** All that is added to a pod. Fully defaulted, so that it comes back from the API server equal. */
record Sidecar(Container init, Container proxy, List<Volume> volumes) {

  static Sidecar of(
      SidecarTemplate template, InjectionPlan plan, List<AppProbe> probes, long grace) {
    var memory = new ProxyResources(template.proxy(), plan.trackedClients());
    return new Sidecar(
        new InitContainer(template, plan).build(probes, memory.limitInBytes()),
        new ProxyContainer(template, plan).build(memory.build(), grace),
        SidecarVolumes.of(template.credentials(), plan.keyType()));
  }
}
