package dev.portcullis.operator.intent;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A rate with a burst, as nginx means it with {@code nodelay}.
 *
 * @param per what clients are told apart by, all of it together; without any, all requests share
 *     one count
 * @param requests requests per {@code interval}
 * @param burst requests above the rate that pass at once
 * @param trackedClients clients counted exactly at the same time, per sidecar; all clients together
 *     may make no more requests than so many
 * @param dividedAmong how many pods let all of this through together; empty where each does by
 *     itself
 * @param inStore where all pods count together in a store, by whole intervals and without burst;
 *     empty where sidecars count
 */
public record RateLimit(
    String name,
    List<Key> per,
    int requests,
    Duration interval,
    int burst,
    int trackedClients,
    Reach reach,
    Optional<Integer> dividedAmong,
    Optional<Outage> inStore) {

  public RateLimit {
    per = List.copyOf(per);
  }

  /** Of each pod by itself. */
  public RateLimit(
      String name,
      List<Key> per,
      int requests,
      Duration interval,
      int burst,
      int trackedClients,
      Reach reach) {
    this(
        name,
        per,
        requests,
        interval,
        burst,
        trackedClients,
        reach,
        Optional.empty(),
        Optional.empty());
  }

  /** Whether each sidecar counts by itself, whatever its share is. */
  public boolean isOfSidecars() {
    return inStore.isEmpty();
  }

  /** How many pods let this through together. */
  public int pods() {
    return dividedAmong.orElse(1);
  }

  /** What a client is told apart by. */
  public sealed interface Key {

    /** The address of the connection; of IPv6 addresses the /64 network. */
    record ClientAddress() implements Key {}

    /** The caller's identity, as the application hears it. */
    record CallerIdentity() implements Key {}

    /** The route that the request takes. */
    record OfRoute() implements Key {}

    /**
     * The header's first value. Requests that have none, or an empty one, count together.
     *
     * @param name in lower case
     */
    record Header(String name) implements Key {}

    /**
     * A claim of the token that was checked, and who issued it. Requests without one count
     * together.
     *
     * @param name a dot leads into a claim
     */
    record Claim(String name) implements Key {}

    /** Whose key was shown. Requests without one count together. */
    record Client() implements Key {}
  }

  /** What becomes of requests while the store does not answer. */
  public enum Outage {
    REFUSE,
    ALLOW
  }

  /** Which requests share one count. */
  public enum Reach {
    /** Each route counts on its own. */
    ROUTE,
    /** All routes of the backend count together. */
    BACKEND
  }
}
