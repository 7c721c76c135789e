package dev.portcullis.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.util.List;

/** The operator's replicas. */
final class Operators {

  private static final String NAME = "portcullis-operator";

  private final Installation installation;

  Operators(Installation installation) {
    this.installation = installation;
  }

  void scale(int replicas) {
    installation
        .client()
        .apps()
        .deployments()
        .inNamespace(Installation.NAMESPACE)
        .withName(NAME)
        .scale(replicas);
  }

  List<Pod> pods() {
    return installation
        .client()
        .pods()
        .inNamespace(Installation.NAMESPACE)
        .withLabel("app.kubernetes.io/component", "operator")
        .list()
        .getItems();
  }

  /** How many replicas are ready, of those that are not about to end. */
  long ready() {
    return pods().stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .filter(Readiness::isPodReady)
        .count();
  }

  /** Name of the pod that holds the lease; null while nobody does. */
  String leader() {
    var lease =
        installation.client().leases().inNamespace(Installation.NAMESPACE).withName(NAME).get();
    return lease == null ? null : lease.getSpec().getHolderIdentity();
  }

  /** Ends a replica as a lost node would: it gets no chance to say goodbye. */
  void kill(Pod pod) {
    installation.client().resource(pod).withGracePeriod(0).delete();
  }

  /** Of all replicas, as {@link #metric(Pod, String)}. */
  double metric(String name) {
    return pods().stream().mapToDouble(pod -> metric(pod, name)).sum();
  }

  /**
   * Sum over all label values, as Prometheus would read it; 0 while the replica does not answer.
   */
  double metric(Pod pod, String name) {
    try {
      var text =
          installation
              .client()
              .raw(
                  "/api/v1/namespaces/%s/pods/%s:8080/proxy/q/metrics"
                      .formatted(Installation.NAMESPACE, pod.getMetadata().getName()));
      return text == null
          ? 0
          : text.lines()
              .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
              .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
              .sum();
    } catch (KubernetesClientException notYet) {
      return 0;
    }
  }
}
