package dev.portcullis.operator.intent;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Another backend that the application calls through a port of loopback.
 *
 * @param identities which the backend's pods have at this moment, sorted; none while the backend is
 *     not known here
 * @param requestTimeout of a request with all its retries
 * @param connectTimeout of a connection, TLS handshake included
 */
public record Call(
    String name,
    int localPort,
    BackendKey backend,
    List<SpiffeId> identities,
    Duration requestTimeout,
    Duration connectTimeout,
    Retries retries,
    Ejection ejection,
    Balancing balancing) {

  /**
   * Which failed requests are sent again.
   *
   * @param attempts beyond the first
   * @param budgetPercent of the requests in flight
   */
  public record Retries(
      int attempts,
      Optional<Duration> perTry,
      List<Condition> conditions,
      Methods methods,
      int budgetPercent) {
    public Retries {
      conditions = List.copyOf(conditions);
    }
  }

  /** A failure of one try. */
  public enum Condition {
    NOT_CONNECTED,
    REFUSED,
    BROKEN,
    UNAVAILABLE
  }

  /** Methods of requests that are sent again though the backend may have begun its work. */
  public enum Methods {
    SAFE,
    ALL
  }

  /** A pod with so many failures in a row is left alone for so long. */
  public record Ejection(int failures, Duration duration, int maxPercent) {}

  /** How requests are spread over pods. */
  public enum Balancing {
    LEAST_REQUEST,
    ROUND_ROBIN,
    RANDOM,
    WEIGHTED_ROUND_ROBIN
  }

  public Call {
    identities = List.copyOf(identities);
  }
}
