package dev.portcullis.operator.watch.certificates;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** This machine's clock, until somebody sets it. */
final class JumpingClock extends Clock {

  private volatile Duration ahead = Duration.ZERO;

  void jump(Duration further) {
    ahead = ahead.plus(further);
  }

  @Override
  public Instant instant() {
    return Clock.systemUTC().instant().plus(ahead);
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
