package dev.portcullis.operator.intent;

import java.time.Duration;
import java.util.Optional;

/**
 * What the gate does when there is more to do than can be done.
 *
 * @param retryAfter when callers shall try again, in whole seconds
 * @param loadReport what callers of this installation are told with each answer
 */
public record Overload(Duration retryAfter, Optional<LoadReport> loadReport) {

  public static final Overload DEFAULT = new Overload(Duration.ofSeconds(2));

  /** That tells nobody of the load. */
  public Overload(Duration retryAfter) {
    this(retryAfter, Optional.empty());
  }

  /**
   * How much of what the application can do is in use.
   *
   * @param capacity how many requests it works on at the same time
   */
  public record LoadReport(int capacity) {}
}
