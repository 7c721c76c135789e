package dev.portcullis.operator.envoy;

import com.google.protobuf.UInt32Value;
import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.bootstrap.contract.SidecarPaths;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.SpiffeId;
import dev.portcullis.operator.intent.Tls;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters.CompliancePolicy;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters.TlsProtocol;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;

/** Mutual TLS towards another backend, with the certificate that this pod's own gate shows. */
final class CallTls {

  /** Admits one identity, as one exact name. */
  static TransportSocket only(BackendIntent intent, SpiffeId identity) {
    return socket(intent.inbound().tls(), identity.uri());
  }

  /** Admits no identity: there is none with an empty path. */
  static TransportSocket nobody(BackendIntent intent) {
    return socket(intent.inbound().tls(), "spiffe://" + intent.mesh().trustDomain() + "/");
  }

  private static TransportSocket socket(Tls tls, String peer) {
    // A resumed session would not look at the peer's certificate again.
    var context =
        UpstreamTlsContext.newBuilder()
            .setMaxSessionKeys(UInt32Value.of(0))
            .setCommonTlsContext(
                CommonTlsContext.newBuilder()
                    .addAlpnProtocols("h2")
                    .setTlsParams(parameters(tls))
                    .addTlsCertificateSdsSecretConfigs(
                        TlsFeature.secret(EnvoyNames.IDENTITY_SECRET, SidecarPaths.IDENTITY_SDS))
                    .setCombinedValidationContext(
                        TlsFeature.validation(StringMatcher.newBuilder().setExact(peer).build())));
    return TransportSocket.newBuilder()
        .setName("envoy.transport_sockets.tls")
        .setTypedConfig(Packed.any(context.build()))
        .build();
  }

  /** Every gate speaks 1.3, whatever else its policy allows. */
  private static TlsParameters parameters(Tls tls) {
    var parameters =
        TlsParameters.newBuilder()
            .setTlsMinimumProtocolVersion(TlsProtocol.TLSv1_3)
            .setTlsMaximumProtocolVersion(TlsProtocol.TLSv1_3);
    return switch (tls.profile()) {
      case STANDARD ->
          parameters
              .addAllEcdhCurves(TlsChoice.CURVES)
              .addAllSignatureAlgorithms(TlsChoice.SIGNATURES)
              .build();
      case FIPS140 -> parameters.addCompliancePolicies(CompliancePolicy.FIPS_202205).build();
    };
  }

  private CallTls() {}
}
