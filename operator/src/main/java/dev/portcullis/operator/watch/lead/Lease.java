package dev.portcullis.operator.watch.lead;

import java.time.Duration;

/**
 * The lease that the replicas compete for.
 *
 * @param identity of this replica: unique among them, and new after each start
 * @param duration how long a silent leader keeps the others waiting
 * @param renewDeadline how long a leader tries to renew before it gives up; shorter than {@code
 *     duration}
 * @param retry between two attempts
 */
public record Lease(
    String namespace,
    String name,
    String identity,
    Duration duration,
    Duration renewDeadline,
    Duration retry) {

  /** 15 s, given up after 10 s, tried every 2 s: what Kubernetes' own controllers do. */
  public static Lease of(String namespace, String name, String identity) {
    return new Lease(
        namespace,
        name,
        identity,
        Duration.ofSeconds(15),
        Duration.ofSeconds(10),
        Duration.ofSeconds(2));
  }
}
