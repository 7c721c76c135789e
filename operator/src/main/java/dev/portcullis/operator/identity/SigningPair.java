package dev.portcullis.operator.identity;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** A CA certificate and its key. Never printed with the key. */
public record SigningPair(X509Certificate certificate, PrivateKey key) {

  @Override
  public String toString() {
    return "%s (serial %x)"
        .formatted(certificate.getSubjectX500Principal().getName(), certificate.getSerialNumber());
  }
}
