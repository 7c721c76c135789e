package dev.portcullis.operator.envoy;

import com.google.protobuf.BoolValue;
import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.bootstrap.contract.SidecarPaths;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Tls;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.PathConfigSource;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext.CombinedCertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher.SanType;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters.TlsProtocol;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;

/**
 * Mutual TLS and nothing else. The handshake admits the trust domain; which identity may do what is
 * decided per request, where an edit takes effect on open connections too.
 */
final class TlsFeature implements Feature {

  // Each has forward secrecy and authenticated encryption, and is in NIST SP 800-52r2.
  private static final List<String> TLS_1_2_SUITES =
      List.of(
          "ECDHE-ECDSA-AES128-GCM-SHA256",
          "ECDHE-RSA-AES128-GCM-SHA256",
          "ECDHE-ECDSA-AES256-GCM-SHA384",
          "ECDHE-RSA-AES256-GCM-SHA384");
  private static final List<String> CURVES = List.of("X25519MLKEM768", "X25519", "P-256", "P-384");
  // What Portcullis issues, and no SHA-1 or Ed25519 beside it.
  private static final List<String> SIGNATURES =
      List.of(
          "ecdsa_secp256r1_sha256",
          "ecdsa_secp384r1_sha384",
          "rsa_pss_rsae_sha256",
          "rsa_pss_rsae_sha384");

  @Override
  public void onFilterChain(BackendIntent intent, FilterChain.Builder chain) {
    var trustDomain =
        StringMatcher.newBuilder().setPrefix("spiffe://" + intent.mesh().trustDomain() + "/");
    chain
        .setTransportSocket(socket(intent.inbound().tls(), trustDomain.build()))
        .setTransportSocketConnectTimeout(ProtoDuration.of(intent.timeouts().requestHeaders()));
  }

  /**
   * @param peers whose URI name is admitted
   */
  static TransportSocket socket(Tls tls, StringMatcher peers) {
    return TransportSocket.newBuilder()
        .setName("envoy.transport_sockets.tls")
        .setTypedConfig(Packed.any(context(tls, peers)))
        .build();
  }

  private static DownstreamTlsContext context(Tls tls, StringMatcher peers) {
    // A ticket outlives the certificate that it was given for, so there are none.
    return DownstreamTlsContext.newBuilder()
        .setRequireClientCertificate(BoolValue.of(true))
        .setDisableStatelessSessionResumption(true)
        .setDisableStatefulSessionResumption(true)
        .setCommonTlsContext(
            CommonTlsContext.newBuilder()
                .addAllAlpnProtocols(List.of("h2", "http/1.1"))
                .setTlsParams(parameters(tls))
                .addTlsCertificateSdsSecretConfigs(
                    secret(EnvoyNames.IDENTITY_SECRET, SidecarPaths.IDENTITY_SDS))
                .setCombinedValidationContext(validation(peers)))
        .build();
  }

  private static TlsParameters parameters(Tls tls) {
    var parameters =
        TlsParameters.newBuilder()
            .setTlsMaximumProtocolVersion(TlsProtocol.TLSv1_3)
            .addAllEcdhCurves(tls.curves().isEmpty() ? CURVES : tls.curves())
            .addAllSignatureAlgorithms(SIGNATURES);
    return switch (tls.minVersion()) {
      case TLS_1_2 ->
          parameters
              .setTlsMinimumProtocolVersion(TlsProtocol.TLSv1_2)
              .addAllCipherSuites(
                  tls.cipherSuites().isEmpty() ? TLS_1_2_SUITES : tls.cipherSuites())
              .build();
      // Envoy takes a list of suites here and does nothing with it.
      case TLS_1_3 -> parameters.setTlsMinimumProtocolVersion(TlsProtocol.TLSv1_3).build();
    };
  }

  private static CombinedCertificateValidationContext validation(StringMatcher peers) {
    return CombinedCertificateValidationContext.newBuilder()
        .setDefaultValidationContext(
            CertificateValidationContext.newBuilder()
                .addMatchTypedSubjectAltNames(
                    SubjectAltNameMatcher.newBuilder().setSanType(SanType.URI).setMatcher(peers)))
        .setValidationContextSdsSecretConfig(
            secret(EnvoyNames.TRUST_SECRET, SidecarPaths.TRUST_SDS))
        .build();
  }

  private static SdsSecretConfig secret(String name, String path) {
    return SdsSecretConfig.newBuilder()
        .setName(name)
        .setSdsConfig(
            ConfigSource.newBuilder()
                .setResourceApiVersion(ApiVersion.V3)
                .setPathConfigSource(PathConfigSource.newBuilder().setPath(path)))
        .build();
  }
}
