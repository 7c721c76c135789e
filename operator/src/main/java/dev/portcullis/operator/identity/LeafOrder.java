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
 */
public record LeafOrder(
    CertifiableKey key, String spiffeId, List<String> dnsNames, Duration lifetime, Instant now) {

  public LeafOrder {
    dnsNames = List.copyOf(dnsNames);
  }
}
