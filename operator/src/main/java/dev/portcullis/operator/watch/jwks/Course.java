package dev.portcullis.operator.watch.jwks;

import dev.portcullis.operator.watch.jwks.FetchOutcome.Failed;
import dev.portcullis.operator.watch.jwks.FetchOutcome.Fetched;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** When one place is asked next. Of one thread; all times are those of a clock that never jumps. */
final class Course {

  /** How long keys are kept that no policy names. */
  static final Duration UNUSED = Duration.ofHours(1);

  private static final Duration FIRST_RETRY = Duration.ofSeconds(5);

  /** Retries come ever later, until they come as often as refreshes. */
  private static final int MOST_DOUBLINGS = 16;

  private static final int FAILURES_TO_TELL = 3;
  private static final double LEAST_SHARE = 0.9;

  private final Optional<Duration> age;
  private long from;
  private Duration interval = Duration.ZERO;
  private Duration wait = Duration.ZERO;
  private int failures;
  private boolean running;

  /**
   * @param age of what is stored; empty where it is not good
   */
  Course(long now, Optional<Duration> age) {
    this.from = now;
    this.age = age.map(since -> since.isNegative() ? Duration.ZERO : since);
  }

  /** Sets how often; a shorter interval counts at once. */
  void wants(Duration wanted) {
    if (interval.isZero()) {
      wait = age.map(since -> jittered(wanted).minus(since)).orElse(Duration.ZERO);
    } else if (wanted.compareTo(interval) < 0) {
      wait = wait.compareTo(wanted) < 0 ? wait : jittered(wanted);
    }
    interval = wanted;
  }

  boolean isDue(long now) {
    return !running && now - due() >= 0;
  }

  long due() {
    return from + wait.toNanos();
  }

  boolean isRunning() {
    return running;
  }

  void begin() {
    running = true;
  }

  void end(FetchOutcome outcome, long now) {
    running = false;
    from = now;
    wait =
        switch (outcome) {
          case Fetched _ -> {
            failures = 0;
            yield jittered(interval);
          }
          case Failed _ -> {
            failures++;
            yield jittered(shorter(FIRST_RETRY.multipliedBy(1L << doublings()), interval));
          }
        };
  }

  /** To be asked before the failure at hand has ended. */
  boolean hasFailedForLong() {
    return failures + 1 >= FAILURES_TO_TELL;
  }

  private int doublings() {
    return Math.min(failures - 1, MOST_DOUBLINGS);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  /** Never longer, so that the interval is a promise. */
  private static Duration jittered(Duration duration) {
    var share = ThreadLocalRandom.current().nextDouble(LEAST_SHARE, 1);
    return Duration.ofNanos((long) (duration.toNanos() * share));
  }
}
