package dev.portcullis.operator.identity.rotation;

import dev.portcullis.operator.identity.CaMaterial;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

/**
 * A CA that signs no more and is still trusted, because certificates of it are in use.
 *
 * @param number of its generation
 * @param material with its keys, only while the rotation that replaced it can be taken back
 * @param replaced when another began to sign
 * @param lastLeafEnds when the longest certificate that it can have signed ends
 */
public record Elder(
    int number,
    Certificates certificates,
    Optional<CaMaterial> material,
    Instant replaced,
    Instant lastLeafEnds,
    Standing standing) {

  /** What of it is public. */
  public record Certificates(X509Certificate root, X509Certificate issuing) {

    static Certificates of(CaMaterial material) {
      return new Certificates(material.root().certificate(), material.issuing().certificate());
    }
  }

  Elder withoutKeys() {
    return new Elder(number, certificates, Optional.empty(), replaced, lastLeafEnds, standing);
  }

  Elder tainted() {
    return new Elder(
        number, certificates, Optional.empty(), replaced, lastLeafEnds, Standing.TAINTED);
  }
}
