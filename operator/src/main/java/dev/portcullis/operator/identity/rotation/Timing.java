package dev.portcullis.operator.identity.rotation;

import java.time.Duration;

/**
 * The times that a rotation takes at least or at most.
 *
 * @param spread from the first publication of a new root to the switch, at least: for pods that are
 *     just starting and callers that cannot be asked. Also from a switch to the retirement
 * @param patience with stragglers when the CA that they hold on to is compromised
 */
public record Timing(Duration spread, Duration patience) {

  private static final Duration ROUND = Duration.ofSeconds(10);
  private static final Duration SHORTEST_ROUND = Duration.ofSeconds(1);
  private static final Duration ROUTINE = Duration.ofSeconds(30);

  public static final Timing DEFAULT = new Timing(Duration.ofMinutes(5), Duration.ofMinutes(15));

  /** How often a rotation is looked at when nothing happens. */
  public Duration betweenRounds() {
    return spread.compareTo(ROUND) < 0 ? SHORTEST_ROUND : ROUND;
  }

  /** How long an answer about who holds which certificate counts. */
  public Duration betweenQuestions() {
    return spread.compareTo(ROUTINE) < 0 ? spread : ROUTINE;
  }
}
