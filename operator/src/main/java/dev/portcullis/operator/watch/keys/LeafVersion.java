package dev.portcullis.operator.watch.keys;

import dev.portcullis.operator.identity.CertificateAuthority;
import dev.portcullis.operator.identity.Leaf;
import dev.portcullis.operator.identity.LeafKey;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a proxy repeats of the certificate that it holds when it opens a stream, so that an operator
 * that has just started knows whether another one is due. Tells nothing that the certificate does
 * not.
 *
 * @param issuer fingerprint of the CA that signed it
 * @param leaf fingerprint of the certificate itself
 * @param key type of its key
 */
record LeafVersion(
    Instant from, Instant refresh, Instant end, String issuer, String leaf, LeafKey key) {

  private static final int FINGERPRINT_BYTES = 16;
  private static final Pattern FORM =
      Pattern.compile(
          "([0-9]{1,12})-([0-9]{1,12})-([0-9]{1,12})-([0-9a-f]{32})-([0-9a-f]{32})"
              + "-([A-Z0-9]{1,12})");

  static LeafVersion of(Leaf leaf, CertificateAuthority authority, LeafKey key) {
    return new LeafVersion(
        leaf.notBefore(),
        leaf.beginRefreshAt(),
        leaf.notAfter(),
        issuer(authority),
        fingerprint(leaf.certificate()),
        key);
  }

  /** Empty for any text that this operator would not have written. */
  static Optional<LeafVersion> parse(String text) {
    var parts = FORM.matcher(text);
    return parts.matches()
        ? key(parts.group(6)).map(key -> read(parts, key)).filter(LeafVersion::isInOrder)
        : Optional.empty();
  }

  private static LeafVersion read(Matcher parts, LeafKey key) {
    return new LeafVersion(
        instant(parts.group(1)),
        instant(parts.group(2)),
        instant(parts.group(3)),
        parts.group(4),
        parts.group(5),
        key);
  }

  private static Optional<LeafKey> key(String name) {
    return Arrays.stream(LeafKey.values()).filter(key -> key.name().equals(name)).findFirst();
  }

  String text() {
    return "%d-%d-%d-%s-%s-%s"
        .formatted(
            from.getEpochSecond(),
            refresh.getEpochSecond(),
            end.getEpochSecond(),
            issuer,
            leaf,
            key);
  }

  /** When it is to be replaced, and no later than this long after its beginning. */
  Instant refresh(Duration longest) {
    var latest = from.plus(longest);
    return latest.isBefore(refresh) ? latest : refresh;
  }

  Duration lifetime() {
    return Duration.between(from, end);
  }

  boolean holdsAt(Instant now) {
    return !now.isBefore(from) && now.isBefore(end);
  }

  static String issuer(CertificateAuthority authority) {
    try {
      return fingerprint(authority.issuer().getEncoded());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("a parsed certificate must encode", impossible);
    }
  }

  private boolean isInOrder() {
    return from.isBefore(refresh) && refresh.isBefore(end);
  }

  private static Instant instant(String seconds) {
    return Instant.ofEpochSecond(Long.parseLong(seconds));
  }

  private static String fingerprint(byte[] certificate) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(certificate);
      return HexFormat.of().formatHex(Arrays.copyOf(digest, FINGERPRINT_BYTES));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
