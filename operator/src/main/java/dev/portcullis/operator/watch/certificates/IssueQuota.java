package dev.portcullis.operator.watch.certificates;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * At most so many certificates for one holder within any window of time, so that no loop anywhere
 * can melt the cluster. Remembers only holders of the last window.
 */
public final class IssueQuota {

  private final int perWindow;
  private final Duration window;
  private final Clock clock;
  private final Map<String, Deque<Instant>> byHolder = new LinkedHashMap<>();

  public IssueQuota(int perWindow, Duration window, Clock clock) {
    this.perWindow = perWindow;
    this.window = window;
    this.clock = clock;
  }

  /** Takes one certificate of a holder's quota; false if none is left now. */
  public synchronized boolean tryTake(String holderUid) {
    var now = clock.instant();
    forgetBefore(now.minus(window));
    var taken = byHolder.computeIfAbsent(holderUid, uid -> new ArrayDeque<>());
    if (taken.size() >= perWindow) {
      return false;
    }
    taken.addLast(now);
    return true;
  }

  private void forgetBefore(Instant start) {
    byHolder.values().forEach(taken -> taken.removeIf(moment -> !moment.isAfter(start)));
    byHolder.values().removeIf(Deque::isEmpty);
  }
}
