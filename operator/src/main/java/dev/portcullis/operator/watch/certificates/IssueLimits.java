package dev.portcullis.operator.watch.certificates;

/**
 * How many certificates are issued at most. A workload is a service account of a namespace, because
 * that is all that its certificates name.
 *
 * @param perPodAndMinute to one pod within a minute, on each replica
 * @param perWorkloadAndHour to all pods of one workload within an hour, over all replicas
 */
public record IssueLimits(int perPodAndMinute, int perWorkloadAndHour) {

  /**
   * Ten a minute are more than any kubelet asks for one pod. A thousand an hour let a workload of
   * 500 pods be rolled out twice; a loop of it costs the cluster a certificate every four seconds.
   */
  public static final IssueLimits DEFAULT = new IssueLimits(10, 1_000);
}
