package dev.portcullis.operator.watch.certificates;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which workloads wait because they have had their share, and the news of it. */
final class Throttling {

  private final RequestLoop requests;
  private final IssueQuotas quotas;
  private final CaEvents events;
  private volatile Map<String, PodCertificate> waiting = Map.of();
  private Set<String> told = Set.of();

  Throttling(RequestLoop requests, IssueQuotas quotas, CaEvents events) {
    this.requests = requests;
    this.quotas = quotas;
    this.events = events;
  }

  /** Looks again. */
  void look() {
    waiting = requests.throttled();
  }

  /** By {@code <namespace>/<service account>}: a sentence for each, as it was found last. */
  Map<String, String> sentences() {
    var sentences = new TreeMap<String, String>();
    waiting.keySet().forEach(workload -> sentences.put(workload, quotas.excess(workload)));
    return sentences;
  }

  int workloads() {
    return waiting.size();
  }

  /** Tells of each workload once, at one of its pods, for as long as it waits. */
  void tell() {
    var now = waiting;
    now.forEach(
        (workload, request) -> {
          if (!told.contains(workload)) {
            events.tell(
                pod(request),
                new StepNews("Warning", "TooManyCertificates", quotas.excess(workload)));
          }
        });
    told = Set.copyOf(now.keySet());
  }

  private static ObjectReference pod(PodCertificate request) {
    return new ObjectReferenceBuilder()
        .withApiVersion("v1")
        .withKind("Pod")
        .withNamespace(request.namespace())
        .withName(request.podName())
        .withUid(request.podUid())
        .build();
  }
}
