package dev.portcullis.operator.identity;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Who a peer is, by its certificate.
 *
 * @param spiffeId its one URI
 * @param notAfter when the certificate that it presented ends
 */
public record PeerCertificate(String spiffeId, Instant notAfter) {

  private static final Integer URI = 6;

  /** Empty if the peer presented none, or one without exactly one URI. */
  public static Optional<PeerCertificate> of(SSLSession session) {
    try {
      return session.getPeerCertificates()[0] instanceof X509Certificate leaf
          ? of(leaf)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  /** Empty if the certificate has not exactly one URI. */
  public static Optional<PeerCertificate> of(X509Certificate leaf) {
    var uris = names(leaf).stream().filter(name -> URI.equals(name.get(0))).toList();
    return uris.size() == 1
        ? Optional.of(
            new PeerCertificate((String) uris.getFirst().get(1), leaf.getNotAfter().toInstant()))
        : Optional.empty();
  }

  private static Collection<List<?>> names(X509Certificate leaf) {
    try {
      return Optional.ofNullable(leaf.getSubjectAlternativeNames()).orElse(List.of());
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }
}
