package dev.portcullis.operator.intent;

import java.time.Duration;
import java.util.Optional;

/** How the sidecar talks to the application inside the pod. */
public record Application(
    int port, Protocol protocol, Duration connectTimeout, Optional<HealthCheck> healthCheck) {

  /** What the application speaks, always in plain text over loopback. */
  public enum Protocol {
    HTTP1,
    HTTP2,
    GRPC
  }

  /** An active health check; {@code path} is ignored for {@link Protocol#GRPC}. */
  public record HealthCheck(
      String path, Duration interval, Duration timeout, int unhealthyThreshold) {}
}
