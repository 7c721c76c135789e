package dev.portcullis.bootstrap.render;

import dev.portcullis.bootstrap.contract.EnvoyNames;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;

/** TLS of the bootstrap's own clusters. Envoy as a client stops at TLS 1.2 unless it is told. */
final class TlsSockets {

  private static final List<String> CURVES = List.of("X25519MLKEM768", "X25519", "P-256", "P-384");
  private static final List<String> SIGNATURES =
      List.of(
          "ecdsa_secp256r1_sha256",
          "ecdsa_secp384r1_sha384",
          "rsa_pss_rsae_sha256",
          "rsa_pss_rsae_sha384",
          "ed25519");

  private TlsSockets() {}

  /** To the operator: its exact SPIFFE id, under the roots of the trust bundle, in TLS 1.3. */
  static TransportSocket toOperator(SidecarSettings settings) {
    var operatorOnly =
        CertificateValidationContext.newBuilder()
            .addMatchTypedSubjectAltNames(
                SubjectAltNameMatcher.newBuilder()
                    .setSanType(SubjectAltNameMatcher.SanType.URI)
                    .setMatcher(StringMatcher.newBuilder().setExact(settings.xds().identity())));
    var validation =
        CommonTlsContext.CombinedCertificateValidationContext.newBuilder()
            .setDefaultValidationContext(operatorOnly)
            .setValidationContextSdsSecretConfig(trust(settings.layout()));
    return socket(
        UpstreamTlsContext.newBuilder()
            .setCommonTlsContext(
                CommonTlsContext.newBuilder()
                    .setTlsParams(onlyTls13())
                    .addAlpnProtocols("h2")
                    .setCombinedValidationContext(validation)));
  }

  /** To this pod's own inbound listener, as a caller would come: with certificates both ways. */
  static TransportSocket toOwnGate(Layout layout) {
    return socket(
        UpstreamTlsContext.newBuilder()
            .setCommonTlsContext(
                CommonTlsContext.newBuilder()
                    .setTlsParams(asAnyPolicyMayHaveIt())
                    .addTlsCertificateSdsSecretConfigs(
                        FileSecrets.reference(EnvoyNames.IDENTITY_SECRET, layout.identitySds()))
                    .setValidationContextSdsSecretConfig(trust(layout))));
  }

  /** To the application's HTTPS probe: nothing is verified, as the kubelet verifies nothing. */
  static TransportSocket toAppProbe() {
    return socket(
        UpstreamTlsContext.newBuilder()
            .setCommonTlsContext(
                CommonTlsContext.newBuilder()
                    .setTlsParams(
                        onlyTls13()
                            .setTlsMinimumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_2))));
  }

  private static SdsSecretConfig trust(Layout layout) {
    return FileSecrets.reference(EnvoyNames.TRUST_SECRET, layout.trustSds());
  }

  /** Left to itself Envoy knows no P-384 and no Ed25519, and a policy may name nothing else. */
  private static TlsParameters.Builder asAnyPolicyMayHaveIt() {
    return onlyTls13().addAllEcdhCurves(CURVES).addAllSignatureAlgorithms(SIGNATURES);
  }

  private static TlsParameters.Builder onlyTls13() {
    return TlsParameters.newBuilder()
        .setTlsMinimumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_3)
        .setTlsMaximumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_3);
  }

  private static TransportSocket socket(UpstreamTlsContext.Builder context) {
    return TransportSocket.newBuilder()
        .setName("envoy.transport_sockets.tls")
        .setTypedConfig(
            TypedConfig.of(
                "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext", context.build()))
        .build();
  }
}
