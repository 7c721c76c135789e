package dev.portcullis.operator.xds;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a canary is there, and for how long candidates wait for one that is not. Guarded by its
 * gate.
 */
final class CanaryPresence {

  private static final Logger LOG = LoggerFactory.getLogger(CanaryPresence.class);

  /** That it is away is logged once. */
  private enum State {
    HERE,
    AWAY,
    AWAY_AND_TOLD
  }

  private final Canary canary;
  private final Duration grace;
  private long awaySince = System.nanoTime();
  private State state = State.AWAY;

  CanaryPresence(Canary canary, Duration grace) {
    this.canary = canary;
    this.grace = grace;
  }

  boolean isConnected() {
    return canary.isConnected();
  }

  /** The grace begins now. */
  void await() {
    awaySince = System.nanoTime();
  }

  /** Something may have changed. */
  void look() {
    switch (state) {
      case HERE -> {
        if (!canary.isConnected()) {
          state = State.AWAY;
          await();
        }
      }
      case AWAY, AWAY_AND_TOLD -> {
        if (canary.isConnected()) {
          state = State.HERE;
        }
      }
    }
  }

  /** With a canary any may go; without one, after the grace, those that never cost a canary. */
  boolean admits(Candidate candidate, Duration graceLeft) {
    return canary.isConnected() || graceLeft.isZero() && candidate.canariesLost() == 0;
  }

  /** Never negative. */
  Duration graceLeft() {
    var left = grace.minusNanos(System.nanoTime() - awaySince);
    return left.isNegative() ? Duration.ZERO : left;
  }

  void passedUnchecked(Candidate candidate) {
    if (state == State.AWAY) {
      state = State.AWAY_AND_TOLD;
      LOG.atWarn()
          .addKeyValue("group", candidate.group().name())
          .log("no canary is connected: configurations go out unchecked");
    }
  }
}
