package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.Trust;
import dev.portcullis.operator.intent.Trust.Material.Usable;
import dev.portcullis.operator.intent.Trust.Revocation;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;

/**
 * What a handshake at an entrance from outside asks: a certificate of this CA, not revoked. The
 * names are asked about with each request, where an edit takes effect on open connections too.
 *
 * <p>CAs and CRLs are part of the chain itself, so that another one of either drains the chain.
 */
final class OutsideValidation {

  static CertificateValidationContext of(Trust trust) {
    var context = CertificateValidationContext.newBuilder();
    return switch (trust.material()) {
      case Usable(var authorities, var revocation) ->
          withRevocation(context.setTrustedCa(inline(authorities)), revocation).build();
      // No entrance is made of such a trust.
      case Trust.Material.Unusable unusable ->
          throw new IllegalArgumentException(trust.name() + ": " + unusable.message());
    };
  }

  private static CertificateValidationContext.Builder withRevocation(
      CertificateValidationContext.Builder context, Revocation revocation) {
    return switch (revocation) {
      case Revocation.Unchecked() -> context;
      case Revocation.OfWholeChains(var lists) -> context.setCrl(inline(lists));
      case Revocation.OfLeaves(var lists) ->
          context.setCrl(inline(lists)).setOnlyVerifyLeafCertCrl(true);
    };
  }

  private static DataSource inline(String pem) {
    return DataSource.newBuilder().setInlineString(pem).build();
  }

  private OutsideValidation() {}
}
