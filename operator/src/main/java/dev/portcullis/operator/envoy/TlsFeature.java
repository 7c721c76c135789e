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
  public void onFilterChain(BackendIntent intent, Entrance entrance, FilterChain.Builder chain) {
    chain
        .setTransportSocket(socket(intent, entrance))
        .setTransportSocketConnectTimeout(ProtoDuration.of(intent.timeouts().requestHeaders()));
  }

  private static TransportSocket socket(BackendIntent intent, Entrance entrance) {
    return switch (entrance) {
      case Entrance.OfMesh() -> {
        var trustDomain = "spiffe://" + intent.mesh().trustDomain() + "/";
        yield socket(
            intent.inbound().tls(), StringMatcher.newBuilder().setPrefix(trustDomain).build());
      }
      case Entrance.FromOutside outside ->
          socket(
              context(intent.inbound().tls())
                  .setValidationContext(OutsideValidation.of(outside.trust())));
    };
  }

  /**
   * @param peers whose URI name is admitted
   */
  static TransportSocket socket(Tls tls, StringMatcher peers) {
    return socket(context(tls).setCombinedValidationContext(validation(peers)));
  }

  private static TransportSocket socket(CommonTlsContext.Builder common) {
    // A ticket outlives the certificate that it was given for, so there are none.
    var context =
        DownstreamTlsContext.newBuilder()
            .setRequireClientCertificate(BoolValue.of(true))
            .setDisableStatelessSessionResumption(true)
            .setDisableStatefulSessionResumption(true)
            .setCommonTlsContext(common)
            .build();
    return TransportSocket.newBuilder()
        .setName("envoy.transport_sockets.tls")
        .setTypedConfig(Packed.any(context))
        .build();
  }

  /** All but whom to believe. */
  private static CommonTlsContext.Builder context(Tls tls) {
    return CommonTlsContext.newBuilder()
        .addAllAlpnProtocols(List.of("h2", "http/1.1"))
        .setTlsParams(TlsChoice.of(tls))
        .addTlsCertificateSdsSecretConfigs(
            secret(EnvoyNames.IDENTITY_SECRET, SidecarPaths.IDENTITY_SDS));
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
