package dev.portcullis.operator.identity;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The roots that peers trust. */
public record TrustBundle(List<X509Certificate> roots) {

  public TrustBundle {
    roots = List.copyOf(roots);
  }

  /**
   * Reads PEM; blocks other than certificates are skipped.
   *
   * @throws IllegalArgumentException if a certificate in it is damaged
   */
  public static TrustBundle ofPem(String pem) {
    return new TrustBundle(
        Pem.read(pem).stream()
            .filter(block -> block.label().equals(Pem.CERTIFICATE))
            .map(block -> CaMint.parse(block.der()))
            .toList());
  }

  /** The same bundle for the same roots, however often and in whatever order they are named. */
  public static TrustBundle sorted(List<X509Certificate> roots) {
    return new TrustBundle(
        roots.stream().distinct().sorted(Comparator.comparing(TrustBundle::pem)).toList());
  }

  /** PEM, in the order of {@link #roots}. */
  public String pem() {
    return roots.stream().map(TrustBundle::pem).collect(Collectors.joining());
  }

  /** Whether every root of {@code other} is in this bundle too. */
  public boolean holdsAllOf(TrustBundle other) {
    return roots.containsAll(other.roots);
  }

  /** Whether some root is in both. */
  public boolean sharesWith(TrustBundle other) {
    return roots.stream().anyMatch(other.roots::contains);
  }

  private static String pem(X509Certificate root) {
    try {
      return Pem.certificate(root.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a parsed certificate must encode", e);
    }
  }
}
