package dev.portcullis.operator.watch.certificates;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The shares of pods and workloads. A workload's is counted over all replicas: each sees every
 * request in the same order, and what another has issued counts as well.
 */
final class IssueQuotas {

  private final IssueLimits limits;
  private final IssueQuota pods;
  private final IssueQuota workloads;

  IssueQuotas(IssueLimits limits, LongSupplier nanos) {
    this.limits = limits;
    this.pods = new IssueQuota(limits.perPodAndMinute(), Duration.ofMinutes(1), nanos);
    this.workloads = new IssueQuota(limits.perWorkloadAndHour(), Duration.ofHours(1), nanos);
  }

  /** To be told of every version of every request, in the order of the watch. */
  void saw(PodCertificate request) {
    switch (request.decision()) {
      case NONE -> tryTakeOfWorkload(request);
      case ISSUED -> workloads.take(request.workload(), request.uid());
      case REFUSED -> workloads.giveBack(request.workload(), request.uid());
    }
  }

  /** What was deleted before it was issued has cost nothing. */
  void gone(PodCertificate request) {
    if (request.decision() != PodCertificate.Decision.ISSUED) {
      workloads.giveBack(request.workload(), request.uid());
    }
  }

  /** Whether its workload has a share left for it; asked again for one request, it takes none. */
  boolean tryTakeOfWorkload(PodCertificate request) {
    return workloads.tryTake(request.workload(), request.uid());
  }

  boolean tryTakeOfPod(PodCertificate request) {
    return pods.tryTake(request.podUid());
  }

  /** Why a request of a workload waits. */
  String excess(String workload) {
    return "Service account %s has had %d certificates within an hour, as many as one may have: see who makes its pods anew, or raise certificates.issuesPerWorkloadAndHour of the chart."
        .formatted(workload, limits.perWorkloadAndHour());
  }
}
