package dev.portcullis.operator.inject;

import dev.portcullis.bootstrap.contract.SidecarPorts;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.Optional;
import java.util.Set;

/** What a pod must not ask for: with it the gate would not stand, or not be one. */
final class PodRules {

  /** A label's value can be no longer. */
  private static final int LONGEST_POLICY = 63;

  private PodRules() {}

  static void check(InjectionPlan plan, Pod pod) throws Rejection {
    if (plan.policy().length() > LONGEST_POLICY) {
      throw new Rejection(
          "the policy's name is longer than %d characters; give it a shorter one.", LONGEST_POLICY);
    }
    checkSharing(pod.getSpec());
    checkVolumes(pod.getSpec());
    for (var container : PodContainers.all(pod)) {
      checkContainer(plan, container);
    }
    checkUser(pod.getSpec());
  }

  private static void checkSharing(PodSpec spec) throws Rejection {
    if (Boolean.TRUE.equals(spec.getHostNetwork())) {
      throw new Rejection(
          "it uses the node's network, which the gate cannot close; remove hostNetwork.");
    }
    if (Boolean.TRUE.equals(spec.getHostPID())) {
      throw new Rejection(
          "it sees the node's processes, and so the sidecar's key; remove hostPID.");
    }
    if (Boolean.TRUE.equals(spec.getShareProcessNamespace())) {
      throw new Rejection(
          "its containers see each other's processes, and so the sidecar's key; remove"
              + " shareProcessNamespace.");
    }
    if (spec.getOs() != null && "windows".equals(spec.getOs().getName())) {
      throw new Rejection("it asks for Windows, and the sidecar runs on Linux only.");
    }
  }

  private static void checkVolumes(PodSpec spec) throws Rejection {
    for (var volume : PodContainers.orNone(spec.getVolumes())) {
      if (SidecarVolumes.NAMES.contains(volume.getName())) {
        throw new Rejection(
            "its volume %s has a name of Portcullis' own; give it another one.", volume.getName());
      }
    }
  }

  private static void checkContainer(InjectionPlan plan, Container container) throws Rejection {
    var name = container.getName();
    if (Set.of(Names.INIT_CONTAINER, Names.PROXY_CONTAINER).contains(name)) {
      throw new Rejection(
          "its container %s has a name of Portcullis' own; give it another one.", name);
    }
    for (var mount : PodContainers.orNone(container.getVolumeMounts())) {
      checkMount(name, mount);
    }
    for (var port : PodContainers.orNone(container.getPorts())) {
      checkPort(plan, name, port);
    }
  }

  private static void checkMount(String container, VolumeMount mount) throws Rejection {
    if (SidecarVolumes.NAMES.contains(mount.getName())) {
      throw new Rejection(
          "its container %s mounts %s, which is the sidecar's alone; remove the mount.",
          container, mount.getName());
    }
  }

  private static void checkPort(InjectionPlan plan, String container, ContainerPort port)
      throws Rejection {
    boolean isTcp = port.getProtocol() == null || "TCP".equals(port.getProtocol());
    var number = port.getContainerPort();
    if (isTcp
        && number != null
        && (number == plan.listenerPort() || SidecarPorts.ALL.contains(number))) {
      throw new Rejection(
          "its container %s uses port %d, which is the sidecar's; use another one, or another"
              + " spec.listener.port.",
          container, number);
    }
  }

  private static void checkUser(PodSpec spec) throws Rejection {
    var user =
        Optional.ofNullable(spec.getSecurityContext()).map(security -> security.getRunAsUser());
    if (user.filter(uid -> uid == SidecarUser.UID).isPresent()) {
      throw sharedUser("it");
    }
    for (var container : PodContainers.all(spec)) {
      var own =
          Optional.ofNullable(container.getSecurityContext())
              .map(security -> security.getRunAsUser());
      if (own.filter(uid -> uid == SidecarUser.UID).isPresent()) {
        throw sharedUser("its container " + container.getName());
      }
    }
  }

  private static Rejection sharedUser(String who) {
    return new Rejection(
        "%s runs as user %d, which is the sidecar's; set another runAsUser.", who, SidecarUser.UID);
  }
}
