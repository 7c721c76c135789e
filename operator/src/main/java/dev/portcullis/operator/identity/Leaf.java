package dev.portcullis.operator.identity;

import java.time.Instant;

/**
 * An issued certificate.
 *
 * @param certificate DER
 * @param chain PEM: the leaf, then the issuing CA
 * @param beginRefreshAt when its holder should ask for the next one: half its life, jittered
 */
public record Leaf(
    byte[] certificate, String chain, Instant notBefore, Instant notAfter, Instant beginRefreshAt) {

  @Override
  public String toString() {
    return "leaf valid %s to %s".formatted(notBefore, notAfter);
  }
}
