package dev.portcullis.operator.intent;

import java.time.Duration;

/**
 * What the gate does when there is more to do than can be done.
 *
 * @param retryAfter when callers shall try again, in whole seconds
 */
public record Overload(Duration retryAfter) {

  public static final Overload DEFAULT = new Overload(Duration.ofSeconds(2));
}
