package dev.portcullis.operator.status;

import java.time.Duration;
import java.time.Instant;

/** From when to when a certificate holds. */
public record Validity(Instant from, Instant until) {

  /**
   * Certificates are renewed at half of their life, and CAs at a third: one that has less than this
   * share left was not renewed for a long time.
   */
  public static final double LEAST_LEFT = 0.3;

  /** The share of its life that is left: 1 at its beginning, 0 at its end, negative after it. */
  public double left(Instant now) {
    var life = Math.max(1, Duration.between(from, until).toSeconds());
    return (double) Duration.between(now, until).toSeconds() / life;
  }

  /** Whether somebody should look why it was not renewed. */
  public boolean nearsItsEnd(Instant now) {
    return left(now) < LEAST_LEFT;
  }
}
