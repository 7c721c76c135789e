package dev.portcullis.operator.intent;

import java.time.Duration;
import java.util.Optional;

/**
 * How the sidecar talks to the application inside the pod.
 *
 * @param transcoding where JSON requests become gRPC calls; of {@link Protocol#GRPC} alone
 */
public record Application(
    int port,
    Protocol protocol,
    Duration connectTimeout,
    Optional<HealthCheck> healthCheck,
    Pool pool,
    Optional<Breaker> breaker,
    Optional<Transcoding> transcoding) {

  /** That takes no JSON. */
  public Application(
      int port,
      Protocol protocol,
      Duration connectTimeout,
      Optional<HealthCheck> healthCheck,
      Pool pool,
      Optional<Breaker> breaker) {
    this(port, protocol, connectTimeout, healthCheck, pool, breaker, Optional.empty());
  }

  /** Used as every application is that says nothing else. */
  public Application(
      int port, Protocol protocol, Duration connectTimeout, Optional<HealthCheck> healthCheck) {
    this(port, protocol, connectTimeout, healthCheck, Pool.DEFAULT, Optional.empty());
  }

  /** What the application speaks, always in plain text over loopback. */
  public enum Protocol {
    HTTP1,
    HTTP2,
    GRPC
  }

  /** An active health check; {@code path} is ignored for {@link Protocol#GRPC}. */
  public record HealthCheck(
      String path, Duration interval, Duration timeout, int unhealthyThreshold) {}

  /**
   * When the application is too slow to be asked.
   *
   * @param latency which the percentile of its answers must not exceed
   * @param percentile from 1 to 99
   * @param open how long nothing is asked of it then, and again after a slow probe
   */
  public record Breaker(Duration latency, int percentile, Duration open) {}

  /**
   * Connections to the application, and what is asked of it over them at the same time.
   *
   * @param pendingRequests that wait for a connection
   * @param requests that are under way
   * @param idle how long an unused connection is kept
   * @param connectionRequests after which a connection is replaced; none for no bound
   * @param webSockets that are open, beside all of these
   */
  public record Pool(
      int connections,
      int pendingRequests,
      int requests,
      Duration idle,
      Optional<Integer> connectionRequests,
      int webSockets) {

    private static final int USUAL_WEB_SOCKETS = 1024;

    public static final Pool DEFAULT =
        new Pool(1024, 1024, 1024, Duration.ofSeconds(4), Optional.empty());

    /** With as many WebSockets as an application has that says nothing of them. */
    public Pool(
        int connections,
        int pendingRequests,
        int requests,
        Duration idle,
        Optional<Integer> connectionRequests) {
      this(connections, pendingRequests, requests, idle, connectionRequests, USUAL_WEB_SOCKETS);
    }
  }
}
