package dev.portcullis.operator.watch.delivery;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Inbound.Capture;
import dev.portcullis.operator.resolve.PolicySelection;
import dev.portcullis.operator.watch.cluster.Cluster;
import dev.portcullis.operator.watch.cluster.ObservedPod;
import dev.portcullis.operator.watch.cluster.ObservedPolicy;
import dev.portcullis.operator.xds.GroupKey;
import dev.portcullis.operator.xds.Peer;
import dev.portcullis.operator.xds.PeerGroups;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Which policy selects a pod, and so which configuration its proxy runs. */
public final class Groups implements PeerGroups {

  private final Cluster cluster;

  public Groups(Cluster cluster) {
    this.cluster = cluster;
  }

  /** The group of a backend's sidecars of one build. */
  public static GroupKey of(BackendKey backend, Build build) {
    return group(backend.namespace() + "/" + backend.name(), build);
  }

  /** The group of the sidecars that no policy selects any more; no namespace has this name. */
  public static GroupKey closed(Build build) {
    return group("-/closed", build);
  }

  private static GroupKey group(String owner, Build build) {
    var name = owner + "/" + word(build.capture());
    return switch (build.keys()) {
      case KUBELET -> new GroupKey(name);
      case STREAM -> new GroupKey(name + "/" + build.keys().value(), build.keys());
    };
  }

  /** Empty for a pod that this replica does not know (yet), or of another uid, or without gate. */
  @Override
  public Optional<GroupKey> groupOf(Peer peer) {
    return cluster
        .pods()
        .get(peer.namespace(), peer.pod())
        .filter(pod -> pod.uid().equals(peer.uid()))
        .flatMap(this::groupOf);
  }

  private Optional<GroupKey> groupOf(ObservedPod pod) {
    return pod.sidecar()
        .map(
            sidecar ->
                policyOf(pod)
                    .map(policy -> of(policy, Build.of(sidecar)))
                    .orElseGet(() -> closed(Build.of(sidecar))));
  }

  /** The policy whose gate the pod is behind: of those that select it, the one that came first. */
  public Optional<BackendKey> policyOf(ObservedPod pod) {
    return PolicySelection.select(claimants(pod.namespace()), pod.labels()).map(Groups::keyOf);
  }

  /** All policies that select a pod with these labels, whichever wins. */
  public List<BackendKey> selecting(String namespace, Map<String, String> labels) {
    return claimants(namespace).stream()
        .filter(policy -> PolicySelection.selects(policy, labels))
        .map(Groups::keyOf)
        .toList();
  }

  /** The policy that injection shall use for a pod that is being created. */
  public Optional<ApiBackendPolicy> selectFor(String namespace, Map<String, String> labels) {
    return PolicySelection.select(claimants(namespace), labels);
  }

  /** The pods that a policy selects and no other policy has precedence for. */
  public List<ObservedPod> podsOf(BackendKey policy) {
    return cluster.pods().in(policy.namespace()).stream()
        .filter(pod -> policyOf(pod).filter(policy::equals).isPresent())
        .toList();
  }

  /**
   * The policies that may claim pods. One that cannot be read whole keeps its pods: they run what
   * it gave them before, and go to no other policy.
   */
  List<ApiBackendPolicy> claimants(String namespace) {
    return cluster.policies().in(namespace).stream()
        .map(ObservedPolicy::legible)
        .flatMap(Optional::stream)
        .toList();
  }

  private static BackendKey keyOf(ApiBackendPolicy policy) {
    return new BackendKey(policy.getMetadata().getNamespace(), policy.getMetadata().getName());
  }

  /** As the API and the annotations write it. */
  public static String word(Capture capture) {
    var name = capture.name();
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }
}
