package dev.portcullis.operator.identity;

import java.time.Duration;
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

  /** The same certificate, to be renewed no later than this long after its {@code notBefore}. */
  public Leaf renewedWithin(Duration longest) {
    var latest = notBefore.plus(longest);
    return latest.isBefore(beginRefreshAt)
        ? new Leaf(certificate, chain, notBefore, notAfter, latest)
        : this;
  }

  @Override
  public String toString() {
    return "leaf valid %s to %s".formatted(notBefore, notAfter);
  }
}
