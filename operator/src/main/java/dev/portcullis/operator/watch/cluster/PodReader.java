package dev.portcullis.operator.watch.cluster;

import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.bootstrap.contract.SidecarEnv;
import dev.portcullis.bootstrap.contract.SidecarFlags;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Inbound.Capture;
import dev.portcullis.operator.names.Annotations;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.names.Names;
import dev.portcullis.operator.watch.cluster.ObservedPod.Credentials;
import dev.portcullis.operator.watch.cluster.ObservedPod.Phase;
import dev.portcullis.operator.watch.cluster.ObservedPod.Readiness;
import dev.portcullis.operator.watch.cluster.ObservedPod.Sidecar;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Pod -> ObservedPod. */
final class PodReader {

  /** Envoy's own default. */
  private static final Duration UNSAID_DRAIN = Duration.ofSeconds(600);

  private static final Pattern SECONDS = Pattern.compile("^[0-9]{1,6}$");

  private PodReader() {}

  static ObservedPod read(Pod pod) {
    var meta = pod.getMetadata();
    return new ObservedPod(
        meta.getNamespace(),
        meta.getName(),
        meta.getUid(),
        orEmpty(meta.getLabels()),
        Optional.ofNullable(pod.getSpec().getServiceAccountName()).orElse("default"),
        Optional.ofNullable(pod.getStatus()).map(s -> s.getPodIP()).filter(ip -> !ip.isBlank()),
        phase(pod),
        Instant.parse(meta.getCreationTimestamp()),
        sidecar(pod),
        credentials(pod),
        readiness(pod),
        ports(pod),
        Optional.ofNullable(pod.getSpec().getTerminationGracePeriodSeconds())
            .map(Duration::ofSeconds)
            .orElse(ObservedPod.USUAL_GRACE));
  }

  private static Readiness readiness(Pod pod) {
    var conditions = pod.getStatus() == null ? null : pod.getStatus().getConditions();
    return orNone(conditions).stream()
            .filter(condition -> "Ready".equals(condition.getType()))
            .anyMatch(condition -> "True".equals(condition.getStatus()))
        ? Readiness.READY
        : Readiness.UNREADY;
  }

  private static Set<Integer> ports(Pod pod) {
    return Stream.of(pod.getSpec().getContainers(), pod.getSpec().getInitContainers())
        .flatMap(containers -> orNone(containers).stream())
        .filter(container -> !Names.PROXY_CONTAINER.equals(container.getName()))
        .flatMap(container -> orNone(container.getPorts()).stream())
        .map(ContainerPort::getContainerPort)
        .filter(Objects::nonNull)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Credentials credentials(Pod pod) {
    return keys(pod) == KeyDelivery.STREAM || mountsOurs(pod)
        ? Credentials.OURS
        : Credentials.OTHERS;
  }

  private static boolean mountsOurs(Pod pod) {
    return orNone(pod.getSpec().getVolumes()).stream()
        .flatMap(volume -> Optional.ofNullable(volume.getProjected()).stream())
        .flatMap(projected -> orNone(projected.getSources()).stream())
        .flatMap(source -> Optional.ofNullable(source.getPodCertificate()).stream())
        .anyMatch(certificate -> Names.SIGNER.equals(certificate.getSignerName()));
  }

  private static Phase phase(Pod pod) {
    var phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    if ("Succeeded".equals(phase) || "Failed".equals(phase)) {
      return Phase.FINISHED;
    }
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      return Phase.TERMINATING;
    }
    return "Running".equals(phase) ? Phase.RUNNING : Phase.PENDING;
  }

  /** All three marks of the injector must be there: a pod that only claims one is not injected. */
  private static Optional<Sidecar> sidecar(Pod pod) {
    var policy = orEmpty(pod.getMetadata().getLabels()).get(Labels.POLICY);
    var capture = capture(orEmpty(pod.getMetadata().getAnnotations()).get(Annotations.CAPTURE));
    var proxy = proxy(pod);
    if (policy == null || capture.isEmpty() || proxy.isEmpty()) {
      return Optional.empty();
    }
    var key = new BackendKey(pod.getMetadata().getNamespace(), policy);
    var template = new Sidecar.Template(hash(pod), orEmpty(proxy.get().getImage()));
    return Optional.of(
        new Sidecar(key, capture.get(), keys(pod), proxyState(pod), template, drain(proxy.get())));
  }

  private static Optional<Capture> capture(String annotation) {
    return Stream.of(Capture.values())
        .filter(capture -> capture.name().equalsIgnoreCase(annotation))
        .findFirst();
  }

  private static Optional<Container> proxy(Pod pod) {
    return initContainer(pod, Names.PROXY_CONTAINER);
  }

  /** From what cannot be changed in a pod that runs, as its annotations can. */
  private static KeyDelivery keys(Pod pod) {
    return initContainer(pod, Names.INIT_CONTAINER).stream()
        .flatMap(init -> orNone(init.getEnv()).stream())
        .filter(variable -> SidecarEnv.KEY_DELIVERY.equals(variable.getName()))
        .flatMap(variable -> KeyDelivery.of(orEmpty(variable.getValue())).stream())
        .findFirst()
        .orElse(KeyDelivery.KUBELET);
  }

  private static Optional<Container> initContainer(Pod pod, String name) {
    return orNone(pod.getSpec().getInitContainers()).stream()
        .filter(container -> name.equals(container.getName()))
        .findFirst();
  }

  private static Duration drain(Container proxy) {
    var words = orNone(proxy.getArgs());
    var flag = words.indexOf(SidecarFlags.DRAIN_SECONDS);
    return flag < 0 || flag + 1 == words.size()
        ? UNSAID_DRAIN
        : SECONDS
            .matcher(words.get(flag + 1))
            .results()
            .findFirst()
            .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds.group())))
            .orElse(UNSAID_DRAIN);
  }

  private static String hash(Pod pod) {
    return orEmpty(orEmpty(pod.getMetadata().getAnnotations()).get(Annotations.TEMPLATE));
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  private static Sidecar.State proxyState(Pod pod) {
    var statuses = pod.getStatus() == null ? null : pod.getStatus().getInitContainerStatuses();
    return orNone(statuses).stream()
            .filter(status -> Names.PROXY_CONTAINER.equals(status.getName()))
            .map(ContainerStatus::getStarted)
            .anyMatch(Boolean.TRUE::equals)
        ? Sidecar.State.STARTED
        : Sidecar.State.NOT_STARTED;
  }

  private static Map<String, String> orEmpty(Map<String, String> map) {
    return map == null ? Map.of() : map;
  }

  private static <T> List<T> orNone(List<T> list) {
    return list == null ? List.of() : list;
  }
}
