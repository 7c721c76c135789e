package dev.portcullis.operator.xds;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;

/** At most one log line a second of what anybody may cause who reaches the port. */
final class LineBound {

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final InstantSource clock;
  private Instant last = Instant.EPOCH;
  private long leftOut;

  LineBound(InstantSource clock) {
    this.clock = clock;
  }

  /** How many lines were left out since the one before; empty if this one is left out as well. */
  synchronized OptionalLong next() {
    var now = clock.instant();
    // A clock that was set back begins anew.
    if (!now.isBefore(last) && now.isBefore(last.plus(INTERVAL))) {
      leftOut++;
      return OptionalLong.empty();
    }
    var missing = leftOut;
    last = now;
    leftOut = 0;
    return OptionalLong.of(missing);
  }
}
