package dev.portcullis.operator.xds;

import java.time.Duration;

/**
 * Numbers that an administrator or a test may set.
 *
 * @param port TCP port of the sidecars' TLS server; 0 takes a free one
 * @param canaryPort TCP port of the canary's plaintext server, on loopback only; 0 takes a free one
 * @param canaryGrace how long a publication waits for a canary that is not connected before it goes
 *     out unchecked
 * @param canaryAnswer how long the canary may take to answer one check
 * @param acknowledgement how long a proxy may leave a response unanswered before its stream ends
 */
public record XdsSettings(
    int port,
    int canaryPort,
    Duration canaryGrace,
    Duration canaryAnswer,
    Duration acknowledgement) {

  /** Ports 18000 and 18001; 20 s of grace, 5 s for a check, 45 s for an acknowledgement. */
  public static XdsSettings defaults() {
    return new XdsSettings(
        18000, 18001, Duration.ofSeconds(20), Duration.ofSeconds(5), Duration.ofSeconds(45));
  }
}
