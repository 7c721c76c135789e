package dev.portcullis.operator.watch.certificates;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * At most so many certificates a minute for one pod, so that no loop anywhere can melt the cluster.
 * Remembers only pods of the last minute.
 */
final class IssueQuota {

  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final int perWindow;
  private final Clock clock;
  private final Map<String, Deque<Instant>> byPod = new LinkedHashMap<>();

  IssueQuota(int perWindow, Clock clock) {
    this.perWindow = perWindow;
    this.clock = clock;
  }

  /** Takes one certificate of a pod's quota; false if none is left now. */
  synchronized boolean tryTake(String podUid) {
    var now = clock.instant();
    forgetBefore(now.minus(WINDOW));
    var taken = byPod.computeIfAbsent(podUid, uid -> new ArrayDeque<>());
    if (taken.size() >= perWindow) {
      return false;
    }
    taken.addLast(now);
    return true;
  }

  private void forgetBefore(Instant start) {
    byPod.values().forEach(taken -> taken.removeIf(moment -> !moment.isAfter(start)));
    byPod.values().removeIf(Deque::isEmpty);
  }
}
