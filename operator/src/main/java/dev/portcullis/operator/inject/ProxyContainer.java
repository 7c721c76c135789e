package dev.portcullis.operator.inject;

import dev.portcullis.bootstrap.contract.Metrics;
import dev.portcullis.bootstrap.contract.ProbePaths;
import dev.portcullis.bootstrap.contract.SidecarFlags;
import dev.portcullis.bootstrap.contract.SidecarPaths;
import dev.portcullis.bootstrap.contract.SidecarPorts;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;

/** Envoy, as a native sidecar: it starts before the application and goes after it. */
record ProxyContainer(SidecarTemplate template, InjectionPlan plan) {

  /** On SIGTERM Envoy is gone at once; requests on their way must be answered first. */
  private static final long LINGER_SECONDS = 5;

  /** Above this, and with the certificate there, the start has failed for good. */
  private static final int START_SECONDS = 120;

  Container build(ResourceRequirements resources, long grace) {
    return ContainerDefaults.container(Names.PROXY_CONTAINER, template.images().envoy(), template)
        .withRestartPolicy("Always")
        // Not the image's own entry point: it would change the user.
        .withCommand("/usr/local/bin/envoy")
        .withArgs(
            "--config-path",
            SidecarPaths.ENVOY_BOOTSTRAP,
            "--concurrency",
            Integer.toString(template.proxy().concurrency()),
            SidecarFlags.DRAIN_SECONDS,
            Long.toString(plan.revocation().toSeconds()),
            "--drain-strategy",
            "immediate",
            "--disable-hot-restart",
            "--log-level",
            "warning")
        .withPorts(ports())
        .withStartupProbe(probe(ProbePaths.STARTED, 1, START_SECONDS))
        // Envoy has counted failures itself before it says so.
        .withReadinessProbe(probe(ProbePaths.READY, 2, 1))
        .withLifecycle(lifecycle(grace))
        .withResources(resources)
        .withSecurityContext(
            ContainerDefaults.security()
                .withRunAsUser(SidecarUser.UID)
                .withRunAsGroup(SidecarUser.UID)
                .withRunAsNonRoot(true)
                .build())
        .build();
  }

  private List<ContainerPort> ports() {
    var listener = new ContainerPortBuilder().withContainerPort(plan.listenerPort());
    var metrics =
        new ContainerPortBuilder()
            .withName(Metrics.PORT_NAME)
            .withContainerPort(SidecarPorts.METRICS);
    return switch (template.metrics()) {
      case CLOSED -> List.of(listener.withProtocol("TCP").build());
      case OPEN ->
          List.of(listener.withProtocol("TCP").build(), metrics.withProtocol("TCP").build());
    };
  }

  private static Probe probe(String path, int period, int failures) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withNewPort(SidecarPorts.PROBE)
        .withScheme("HTTP")
        .endHttpGet()
        .withTimeoutSeconds(1)
        .withPeriodSeconds(period)
        .withSuccessThreshold(1)
        .withFailureThreshold(failures)
        .build();
  }

  /** It must fit into the time that the pod has to end. */
  private static Lifecycle lifecycle(long grace) {
    var linger = Math.min(LINGER_SECONDS, grace);
    return linger < 1
        ? null
        : new LifecycleBuilder().withNewPreStop().withNewSleep(linger).endPreStop().build();
  }
}
