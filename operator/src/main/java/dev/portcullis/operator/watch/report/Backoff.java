package dev.portcullis.operator.watch.report;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Keeps the peace with another writer: what it changed is put back at once the first time, then
 * after 10 s, 20 s and so on up to five minutes; ten quiet minutes forgive it.
 */
final class Backoff {

  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Duration FORGIVEN = Duration.ofMinutes(10);

  private record Strike(long at, Duration pause) {}

  private final Map<String, Strike> strikes = new ConcurrentHashMap<>();
  private final LongSupplier nanos;

  /**
   * @param nanos a clock like {@link System#nanoTime}
   */
  Backoff(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Zero when the object may be put back now, which then counts; else how long to wait. */
  Duration before(String object) {
    var now = nanos.getAsLong();
    var last = strikes.get(object);
    if (last == null || now - last.at() > FORGIVEN.toNanos()) {
      strikes.put(object, new Strike(now, FIRST));
      return Duration.ZERO;
    }
    var waited = Duration.ofNanos(now - last.at());
    if (waited.compareTo(last.pause()) < 0) {
      return last.pause().minus(waited);
    }
    strikes.put(object, new Strike(now, twice(last.pause())));
    return Duration.ZERO;
  }

  void forget(String object) {
    strikes.remove(object);
  }

  private static Duration twice(Duration pause) {
    var twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
  }
}
