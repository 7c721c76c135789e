package dev.portcullis.bootstrap.render;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.UnknownFieldSet;
import dev.portcullis.bootstrap.contract.EnvoyNames;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.KeepaliveSettings;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.filters.http.credential_injector.v3.CredentialInjector;
import io.envoyproxy.envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.http.injected_credentials.generic.v3.Generic;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;

/** The cluster of the operator's aggregated discovery service. */
final class XdsCluster {

  static final String HTTP_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
  private static final int WINDOW_BYTES = 1 << 20;

  private XdsCluster() {}

  /** Over TLS, with the pod's service account token put on each stream when it opens. */
  static Cluster ofOperator(SidecarSettings settings) {
    var xds = settings.xds();
    return Cluster.newBuilder()
        .setName(EnvoyNames.XDS_CLUSTER)
        .setType(Cluster.DiscoveryType.STRICT_DNS)
        .setDnsLookupFamily(Cluster.DnsLookupFamily.V4_PREFERRED)
        .setConnectTimeout(Durations.seconds(5))
        .setLoadAssignment(
            Addresses.oneEndpoint(EnvoyNames.XDS_CLUSTER, Addresses.socket(xds.host(), xds.port())))
        .setTransportSocket(TlsSockets.toOperator(settings))
        .putTypedExtensionProtocolOptions(
            HTTP_OPTIONS,
            http2(http2Options().addHttpFilters(token(settings.layout())).addHttpFilters(codec())))
        .build();
  }

  /** In plain text on loopback, as a canary beside the operator uses it. */
  static Cluster ofCanary(int port) {
    return Cluster.newBuilder()
        .setName(EnvoyNames.XDS_CLUSTER)
        .setType(Cluster.DiscoveryType.STATIC)
        .setConnectTimeout(Durations.seconds(1))
        .setLoadAssignment(
            Addresses.oneEndpoint(
                EnvoyNames.XDS_CLUSTER, Addresses.socket(Addresses.LOOPBACK, port)))
        .putTypedExtensionProtocolOptions(HTTP_OPTIONS, http2(http2Options()))
        .build();
  }

  static Any http2(HttpProtocolOptions.Builder options) {
    return TypedConfig.of(HTTP_OPTIONS, options.build());
  }

  private static HttpProtocolOptions.Builder http2Options() {
    var http2 =
        Http2ProtocolOptions.newBuilder()
            .setInitialStreamWindowSize(UInt32Value.of(WINDOW_BYTES))
            .setInitialConnectionWindowSize(UInt32Value.of(WINDOW_BYTES))
            .setConnectionKeepalive(
                KeepaliveSettings.newBuilder()
                    .setInterval(Durations.seconds(30))
                    .setTimeout(Durations.seconds(5)));
    return HttpProtocolOptions.newBuilder()
        .setExplicitHttpConfig(
            HttpProtocolOptions.ExplicitHttpConfig.newBuilder().setHttp2ProtocolOptions(http2));
  }

  private static HttpFilter token(Layout layout) {
    var bearer =
        Generic.newBuilder()
            .setHeader("authorization")
            .setUnknownFields(headerValuePrefix("Bearer "))
            .setCredential(FileSecrets.reference(EnvoyNames.TOKEN_SECRET, layout.tokenSds()));
    var credential =
        TypedExtensionConfig.newBuilder()
            .setName("envoy.http.injected_credentials.generic")
            .setTypedConfig(
                TypedConfig.of(
                    "envoy.extensions.http.injected_credentials.generic.v3.Generic",
                    bearer.build()));
    return filter(
        "envoy.filters.http.credential_injector",
        TypedConfig.of(
            "envoy.extensions.filters.http.credential_injector.v3.CredentialInjector",
            CredentialInjector.newBuilder().setOverwrite(true).setCredential(credential).build()));
  }

  /** {@code header_value_prefix = 3}: Envoy has it, the API's Java classes are older. */
  private static UnknownFieldSet headerValuePrefix(String prefix) {
    var value =
        UnknownFieldSet.Field.newBuilder()
            .addLengthDelimited(ByteString.copyFromUtf8(prefix))
            .build();
    return UnknownFieldSet.newBuilder().addField(3, value).build();
  }

  private static HttpFilter codec() {
    return filter(
        "envoy.filters.http.upstream_codec",
        TypedConfig.of(
            "envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec",
            UpstreamCodec.getDefaultInstance()));
  }

  private static HttpFilter filter(String name, Any config) {
    return HttpFilter.newBuilder().setName(name).setTypedConfig(config).build();
  }
}
