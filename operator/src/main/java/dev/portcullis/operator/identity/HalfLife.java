package dev.portcullis.operator.identity;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.random.RandomGenerator;

/** When a certificate is renewed: at half its life, so that a long outage finds half of it left. */
final class HalfLife {

  /** Share of the life by which renewals of certificates made together are spread, either way. */
  private static final double JITTER = 0.05;

  private HalfLife() {}

  /** A moment between 45 and 55 hundredths of the life, in whole seconds. */
  static Instant jittered(Instant notBefore, Instant notAfter, RandomGenerator random) {
    double share = 0.5 + random.nextDouble(-JITTER, JITTER);
    long life = Duration.between(notBefore, notAfter).toSeconds();
    return notBefore.plusSeconds((long) (life * share)).truncatedTo(ChronoUnit.SECONDS);
  }
}
