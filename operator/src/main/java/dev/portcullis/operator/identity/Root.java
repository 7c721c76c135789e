package dev.portcullis.operator.identity;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * A root that is trusted.
 *
 * @param key empty where it is kept elsewhere: then no issuing CA can be made below it
 */
public record Root(X509Certificate certificate, Optional<PrivateKey> key) {

  static Root of(SigningPair pair) {
    return new Root(pair.certificate(), Optional.of(pair.key()));
  }

  /** With its key, if that is here. */
  public Optional<SigningPair> pair() {
    return key.map(known -> new SigningPair(certificate, known));
  }

  @Override
  public String toString() {
    return "root (serial %x)".formatted(certificate.getSerialNumber());
  }
}
