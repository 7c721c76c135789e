package dev.portcullis.operator.inject;

import dev.portcullis.bootstrap.contract.AppProbe;
import dev.portcullis.bootstrap.contract.AppProbes;
import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.bootstrap.contract.Metrics;
import dev.portcullis.bootstrap.contract.SidecarEnv;
import dev.portcullis.operator.inject.SidecarTemplate.Credentials;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.List;

/** The step that prepares the pod for Envoy. */
record InitContainer(SidecarTemplate template, InjectionPlan plan) {

  /** The kubelet's probes and the operator's measurement must get in when callers fill the pod. */
  private static final int CONNECTIONS_TO_SPARE = 64;

  Container build(List<AppProbe> probes, long memoryLimit) {
    return ContainerDefaults.container(
            Names.INIT_CONTAINER, template.images().bootstrap(), template)
        .withArgs("prepare")
        .withEnv(
            fromPod(SidecarEnv.POD_NAME, "metadata.name"),
            fromPod(SidecarEnv.POD_NAMESPACE, "metadata.namespace"),
            fromPod(SidecarEnv.POD_UID, "metadata.uid"),
            of(SidecarEnv.POLICY, plan.policy()),
            of(SidecarEnv.XDS_ADDRESS, template.xds().address()),
            of(SidecarEnv.XDS_IDENTITY, template.xds().identity()),
            of(SidecarEnv.CAPTURE, plan.capture().value()),
            of(SidecarEnv.LISTENER_PORT, Integer.toString(plan.listenerPort())),
            of(SidecarEnv.APP_PROBES, AppProbes.format(probes)),
            of(SidecarEnv.MEMORY_LIMIT, Long.toString(memoryLimit)),
            of(SidecarEnv.CONNECTIONS, Integer.toString(plan.connections() + CONNECTIONS_TO_SPARE)))
        .addAllToEnv(keys())
        .addAllToEnv(metrics())
        .withNewResources()
        .addToRequests("cpu", new Quantity("20m"))
        .addToRequests(SidecarTemplate.MEMORY, new Quantity("32Mi"))
        .addToLimits(SidecarTemplate.MEMORY, new Quantity("128Mi"))
        .endResources()
        .withSecurityContext(security())
        .build();
  }

  private List<EnvVar> keys() {
    return switch (template.credentials()) {
      case Credentials.Mounted mounted -> List.of();
      case Credentials.Streamed streamed ->
          List.of(of(SidecarEnv.KEY_DELIVERY, KeyDelivery.STREAM.value()));
    };
  }

  private List<EnvVar> metrics() {
    return switch (template.metrics()) {
      case CLOSED -> List.of();
      case OPEN -> List.of(of(SidecarEnv.METRICS, Metrics.OPEN.value()));
    };
  }

  private SecurityContext security() {
    var security = ContainerDefaults.security();
    return switch (plan.capture()) {
      case REDIRECT ->
          security
              .withRunAsUser(0L)
              .withRunAsGroup(0L)
              .withRunAsNonRoot(false)
              .editCapabilities()
              .withAdd("NET_ADMIN")
              .endCapabilities()
              .build();
      case NONE ->
          security
              .withRunAsUser(SidecarUser.UID)
              .withRunAsGroup(SidecarUser.UID)
              .withRunAsNonRoot(true)
              .build();
    };
  }

  private static EnvVar of(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value.isEmpty() ? null : value).build();
  }

  private static EnvVar fromPod(String name, String field) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewFieldRef("v1", field)
        .endValueFrom()
        .build();
  }
}
