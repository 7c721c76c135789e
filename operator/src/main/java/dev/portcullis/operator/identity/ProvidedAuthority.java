package dev.portcullis.operator.identity;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;

/** A CA that people bring, found to be usable. */
public sealed interface ProvidedAuthority {

  /** A root with its key: the operator makes issuing CAs below it. */
  record OfRoot(SigningPair pair) implements ProvidedAuthority {}

  /** An issuing CA whose root's key stays elsewhere: who brought it brings the next one, too. */
  record OfIssuing(CaMaterial material) implements ProvidedAuthority {}

  /** The root that peers will trust. */
  default X509Certificate root() {
    return switch (this) {
      case OfRoot(SigningPair pair) -> pair.certificate();
      case OfIssuing(CaMaterial material) -> material.root().certificate();
    };
  }

  /** The CA that it makes, at this moment. */
  default CaMaterial material(CaMint mint, Instant now) {
    return switch (this) {
      case OfRoot(SigningPair pair) -> CaMaterial.of(pair, mint.newIssuing(pair, now));
      case OfIssuing(CaMaterial material) -> material;
    };
  }

  /** What people bring, of a root or of an issuing CA. */
  default X509Certificate brought() {
    return switch (this) {
      case OfRoot(SigningPair pair) -> pair.certificate();
      case OfIssuing(CaMaterial material) -> material.issuing().certificate();
    };
  }

  /** Tells one from another. */
  default String fingerprint() {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(brought().getEncoded());
      return HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a parsed certificate must encode", e);
    }
  }
}
