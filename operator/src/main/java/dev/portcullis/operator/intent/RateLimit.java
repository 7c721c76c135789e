package dev.portcullis.operator.intent;

import java.time.Duration;

/**
 * A rate with a burst, as nginx means it with {@code nodelay}, counted per client address.
 *
 * @param requests requests per {@code interval}
 * @param burst requests above the rate that pass at once
 * @param trackedClients addresses counted exactly at the same time, per sidecar
 */
public record RateLimit(
    String name, int requests, Duration interval, int burst, int trackedClients, Reach reach) {

  /** Which requests share one count. */
  public enum Reach {
    /** Each route counts on its own. */
    ROUTE,
    /** All routes of the backend count together. */
    BACKEND
  }
}
