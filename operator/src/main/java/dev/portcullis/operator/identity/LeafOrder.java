package dev.portcullis.operator.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a leaf shall say.
 *
 * @param key the holder's key
 * @param spiffeId its one URI, the identity
 * @param dnsNames further names for clients that know no SPIFFE; empty for workloads
 * @param lifetime from {@code notBefore} to {@code notAfter}, at least an hour; cut to the issuing
 *     CA's own end
 * @param now the time of issue
 * @param backdated how far {@code notBefore} lies before it, for peers whose clock is behind
 */
public record LeafOrder(
    CertifiableKey key,
    String spiffeId,
    List<String> dnsNames,
    Duration lifetime,
    Instant now,
    Duration backdated) {

  /** One for a pod, {@link CertificateAuthority#BACKDATED backdated} as far as it may be. */
  public LeafOrder(
      CertifiableKey key, String spiffeId, List<String> dnsNames, Duration lifetime, Instant now) {
    this(key, spiffeId, dnsNames, lifetime, now, CertificateAuthority.BACKDATED);
  }

  public LeafOrder backdatedBy(Duration other) {
    return new LeafOrder(key, spiffeId, dnsNames, lifetime, now, other);
  }

  public LeafOrder {
    dnsNames = List.copyOf(dnsNames);
  }
}
