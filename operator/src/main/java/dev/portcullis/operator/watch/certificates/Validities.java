package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.CertificateAuthority;
import dev.portcullis.operator.identity.ServerCredentials;
import dev.portcullis.operator.status.Validity;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Function;

/** From when to when the CA's certificates and this replica's own hold. */
record Validities(CaWatch watch, ServerCredentials credentials) {

  Optional<Validity> root() {
    return ofCa(CertificateAuthority::root);
  }

  Optional<Validity> issuing() {
    return ofCa(CertificateAuthority::issuer);
  }

  /** Webhook and xDS server show the same one. */
  Optional<Validity> own() {
    return credentials.leaf().map(leaf -> new Validity(leaf.notBefore(), leaf.notAfter()));
  }

  /** Of the last authority that was ready: its expiry must stay visible while it is missing. */
  private Optional<Validity> ofCa(Function<CertificateAuthority, X509Certificate> which) {
    return watch.lastAuthority().map(which).map(Validities::of);
  }

  static Validity of(X509Certificate certificate) {
    return new Validity(
        certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
  }
}
