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
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;

/**
 * Mutual TLS and nothing else. The handshake admits the trust domain; which identity may do what is
 * decided per request, where an edit takes effect on open connections too.
 */
final class TlsFeature implements Feature {

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
                .setTlsParams(TlsChoice.of(tls))
                .addTlsCertificateSdsSecretConfigs(
                    secret(EnvoyNames.IDENTITY_SECRET, SidecarPaths.IDENTITY_SDS))
                .setCombinedValidationContext(validation(peers)))
        .build();
  }

  static CombinedCertificateValidationContext validation(StringMatcher peers) {
    return CombinedCertificateValidationContext.newBuilder()
        .setDefaultValidationContext(
            CertificateValidationContext.newBuilder()
                .addMatchTypedSubjectAltNames(
                    SubjectAltNameMatcher.newBuilder().setSanType(SanType.URI).setMatcher(peers)))
        .setValidationContextSdsSecretConfig(
            secret(EnvoyNames.TRUST_SECRET, SidecarPaths.TRUST_SDS))
        .build();
  }

  static SdsSecretConfig secret(String name, String path) {
    return SdsSecretConfig.newBuilder()
        .setName(name)
        .setSdsConfig(
            ConfigSource.newBuilder()
                .setResourceApiVersion(ApiVersion.V3)
                .setPathConfigSource(PathConfigSource.newBuilder().setPath(path)))
        .build();
  }
}
