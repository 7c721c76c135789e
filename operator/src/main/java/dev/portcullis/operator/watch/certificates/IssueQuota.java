package dev.portcullis.operator.watch.certificates;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * At most so many certificates for one holder within any window of time, so that no loop anywhere
 * can melt the cluster. Counts by a clock that does not jump, and remembers only the last window.
 */
public final class IssueQuota {

  private final int perWindow;
  private final long window;
  private final LongSupplier nanos;
  private final Deque<Taken> oldestFirst = new ArrayDeque<>();
  private final Map<String, Map<Object, Long>> byHolder = new HashMap<>();

  private record Taken(String holder, Object cause, long at) {}

  /**
   * @param nanos a clock like {@link System#nanoTime}
   */
  public IssueQuota(int perWindow, Duration window, LongSupplier nanos) {
    this.perWindow = perWindow;
    this.window = window.toNanos();
    this.nanos = nanos;
  }

  /** Takes one certificate of a holder's quota; false if none is left now. */
  public boolean tryTake(String holder) {
    return tryTake(holder, new Object());
  }

  /** The same; what was taken for one cause is not taken again within the window. */
  synchronized boolean tryTake(String holder, Object cause) {
    forgetOld();
    var taken = byHolder.getOrDefault(holder, Map.of());
    if (taken.containsKey(cause)) {
      return true;
    }
    if (taken.size() >= perWindow) {
      return false;
    }
    note(holder, cause);
    return true;
  }

  /** Takes one that was given already, by whomever, whether or not any is left. */
  synchronized void take(String holder, Object cause) {
    forgetOld();
    if (!byHolder.getOrDefault(holder, Map.of()).containsKey(cause)) {
      note(holder, cause);
    }
  }

  /** Gives back what was taken for a cause that came to nothing. */
  synchronized void giveBack(String holder, Object cause) {
    drop(holder, taken -> taken.remove(cause));
  }

  private void note(String holder, Object cause) {
    var now = nanos.getAsLong();
    oldestFirst.addLast(new Taken(holder, cause, now));
    byHolder.computeIfAbsent(holder, any -> new HashMap<>()).put(cause, now);
  }

  private void forgetOld() {
    var now = nanos.getAsLong();
    while (!oldestFirst.isEmpty() && now - oldestFirst.getFirst().at >= window) {
      var old = oldestFirst.removeFirst();
      drop(old.holder, taken -> taken.remove(old.cause, old.at));
    }
  }

  private void drop(String holder, Consumer<Map<Object, Long>> change) {
    var taken = byHolder.get(holder);
    if (taken != null) {
      change.accept(taken);
      if (taken.isEmpty()) {
        byHolder.remove(holder);
      }
    }
  }
}
