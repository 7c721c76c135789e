package dev.portcullis.operator.identity.rotation;

import dev.portcullis.operator.identity.ProvidedAuthority;
import dev.portcullis.operator.identity.Renewal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was observed, beside what is kept.
 *
 * @param renewal whether the issuing CA should be replaced by its own schedule
 * @param provided the CA that people bring, if they do and it can be used
 * @param leafLifetime longest life of the certificates that are signed now
 */
public record Facts(
    Instant now,
    Wishes wishes,
    Evidence evidence,
    Renewal renewal,
    Optional<ProvidedAuthority> provided,
    Duration leafLifetime,
    Timing timing) {

  /**
   * What was asked of others. A list that is empty says that everyone has proved it.
   *
   * @param unpublished where a root that must be trusted is missing yet
   * @param uptake who does not accept the heir's certificates yet
   * @param holders who may still show a certificate of a replaced CA, by its number; a CA that was
   *     not asked about is not in the map
   */
  public record Evidence(
      List<Straggler> unpublished, List<Straggler> uptake, Map<Integer, List<Straggler>> holders) {

    public static final Evidence NONE = new Evidence(List.of(), List.of(), Map.of());

    public Evidence {
      unpublished = List.copyOf(unpublished);
      uptake = List.copyOf(uptake);
      holders = Map.copyOf(holders);
    }
  }
}
