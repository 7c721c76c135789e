package dev.portcullis.operator.status;

import java.time.Instant;
import java.util.Optional;

/**
 * What one look at an ApiClientCertificate and its Secret found.
 *
 * @param spiffeId the identity that the certificate is to carry
 * @param held what the Secret holds; empty if nobody could call with it as that identity
 * @param withheld what is due and is not done
 */
public record ClientFacts(
    long generation,
    String secretName,
    String spiffeId,
    Optional<Certificate> held,
    Optional<Withheld> withheld) {

  /** A certificate with its own key, of the right identity, not expired. */
  public record Certificate(
      Instant notBefore,
      Instant notAfter,
      Instant renewal,
      String serialNumber,
      String fingerprint) {}

  /**
   * Why something waits.
   *
   * @param reason one CamelCase word
   */
  public record Withheld(String reason, String message) {}
}
