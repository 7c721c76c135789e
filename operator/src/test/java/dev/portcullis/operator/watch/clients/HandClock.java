package dev.portcullis.operator.watch.clients;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that only the test moves. */
public final class HandClock extends Clock {

  private volatile Instant now;
  private volatile long nanos;

  public HandClock(Instant start) {
    now = start;
  }

  /** Time passes. */
  public void pass(Duration duration) {
    now = now.plus(duration);
    nanos += duration.toNanos();
  }

  /** It is set to another time, though none has passed. */
  public void jump(Duration duration) {
    now = now.plus(duration);
  }

  /** Like {@link System#nanoTime}: of the time that has passed, and not of jumps. */
  public long nanos() {
    return nanos;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
