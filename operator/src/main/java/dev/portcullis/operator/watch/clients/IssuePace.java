package dev.portcullis.operator.watch.clients;

import dev.portcullis.operator.watch.certificates.IssueQuota;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Keeps any loop slow, whoever drives it: so many certificates an hour for one object, and a pause
 * after each write that failed, twice as long every time. For one thread.
 */
final class IssuePace {

  static final int PER_WINDOW = 10;
  static final Duration WINDOW = Duration.ofHours(1);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(20);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /** Why a write failed. */
  record Setback(Outcome.Hindrance hindrance, String message) {}

  private record Strike(long at, Duration pause, Setback setback) {}

  private final LongSupplier nanos;
  private final IssueQuota quota;
  private final Map<String, Strike> strikes = new HashMap<>();

  /**
   * @param nanos a clock like {@link System#nanoTime}
   */
  IssuePace(LongSupplier nanos) {
    this.nanos = nanos;
    this.quota = new IssueQuota(PER_WINDOW, WINDOW, nanos);
  }

  /** Takes one certificate of an object's share; false if none is left now. */
  boolean tryTake(String uid) {
    return quota.tryTake(uid);
  }

  /** Why the last write failed, while the next one has to wait. */
  Optional<Setback> setback(String uid) {
    return Optional.ofNullable(strikes.get(uid))
        .filter(strike -> nanos.getAsLong() - strike.at < strike.pause.toNanos())
        .map(Strike::setback);
  }

  void failed(String uid, Setback setback) {
    var last = strikes.get(uid);
    var pause = last == null ? FIRST_PAUSE : shorter(last.pause.multipliedBy(2), LONGEST_PAUSE);
    strikes.put(uid, new Strike(nanos.getAsLong(), pause, setback));
  }

  void succeeded(String uid) {
    strikes.remove(uid);
  }

  void forget(String uid) {
    strikes.remove(uid);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
