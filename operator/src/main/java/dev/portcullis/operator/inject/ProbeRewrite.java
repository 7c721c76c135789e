package dev.portcullis.operator.inject;

import dev.portcullis.bootstrap.contract.AppProbe;
import dev.portcullis.bootstrap.contract.ProbePaths;
import dev.portcullis.bootstrap.contract.SidecarPorts;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HTTPGetActionBuilder;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns what the kubelet would ask the application into what it asks the sidecar, and remembers the
 * questions. One rewrite takes one pod.
 */
final class ProbeRewrite {

  private final List<AppProbe> found = new ArrayList<>();

  /** The questions, in the order of their paths. */
  List<AppProbe> found() {
    return List.copyOf(found);
  }

  Pod rewrite(Pod pod) throws Rejection {
    return new PodBuilder(pod)
        .editSpec()
        .withInitContainers(rewrite(PodContainers.orNone(pod.getSpec().getInitContainers())))
        .withContainers(rewrite(PodContainers.orNone(pod.getSpec().getContainers())))
        .endSpec()
        .build();
  }

  private List<Container> rewrite(List<Container> containers) throws Rejection {
    var rewritten = new ArrayList<Container>();
    for (var container : containers) {
      rewritten.add(rewrite(container));
    }
    return rewritten;
  }

  private Container rewrite(Container container) throws Rejection {
    requireNoHookOverHttp(container);
    return new ContainerBuilder(container)
        .withStartupProbe(rewrite(container, "startupProbe", container.getStartupProbe()))
        .withLivenessProbe(rewrite(container, "livenessProbe", container.getLivenessProbe()))
        .withReadinessProbe(rewrite(container, "readinessProbe", container.getReadinessProbe()))
        .build();
  }

  private Probe rewrite(Container container, String purpose, Probe probe) throws Rejection {
    var reader = new HandlerReader(container, purpose);
    if (probe == null) {
      return null;
    }
    if (probe.getHttpGet() != null) {
      return with(probe, reader.read(probe.getHttpGet()));
    }
    if (probe.getTcpSocket() != null) {
      return with(probe, reader.read(probe.getTcpSocket()));
    }
    return probe.getGrpc() == null ? probe : with(probe, reader.read(probe.getGrpc()));
  }

  /** A hook acts, a probe asks: behind a probe's path it would act for whoever reaches the port. */
  private static void requireNoHookOverHttp(Container container) throws Rejection {
    var lifecycle = container.getLifecycle();
    if (lifecycle != null
        && (isOverHttp(lifecycle.getPostStart()) || isOverHttp(lifecycle.getPreStop()))) {
      throw new Rejection(
          "its container %s has a lifecycle hook over HTTP, which the gate would have to let in from"
              + " anyone; use exec or sleep.",
          container.getName());
    }
  }

  private static boolean isOverHttp(LifecycleHandler handler) {
    return handler != null && (handler.getHttpGet() != null || handler.getTcpSocket() != null);
  }

  private Probe with(Probe probe, AppProbe question) {
    return new ProbeBuilder(probe)
        .withHttpGet(ask(question))
        .withTcpSocket(null)
        .withGrpc(null)
        .build();
  }

  private HTTPGetAction ask(AppProbe question) {
    if (!found.contains(question)) {
      found.add(question);
    }
    return new HTTPGetActionBuilder()
        .withPath(ProbePaths.APP_PREFIX + found.indexOf(question))
        .withNewPort(SidecarPorts.PROBE)
        .withScheme("HTTP")
        .build();
  }
}
