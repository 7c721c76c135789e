package dev.portcullis.bootstrap.command;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.bootstrap.render.Layout;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.PathConfigSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import java.nio.file.Path;

/**
 * The least that the operator could deliver: mutual TLS, everything to the application; with the
 * one group that a calling Envoy does not offer by itself.
 */
final class InboundListener {

  private InboundListener() {}

  static Listener captured(Layout layout, int port) {
    return Listener.newBuilder()
        .setName(EnvoyNames.INBOUND_LISTENER)
        .setAddress(address("0.0.0.0", 15006))
        .addListenerFilters(
            ListenerFilter.newBuilder()
                .setName("envoy.filters.listener.original_dst")
                .setTypedConfig(Any.pack(OriginalDst.getDefaultInstance())))
        .addFilterChains(
            chain(layout)
                .setFilterChainMatch(
                    FilterChainMatch.newBuilder().setDestinationPort(UInt32Value.of(port))))
        .build();
  }

  static Listener bound(Layout layout, int port) {
    return Listener.newBuilder()
        .setName(EnvoyNames.INBOUND_LISTENER)
        .setAddress(address("0.0.0.0", port))
        .addFilterChains(chain(layout))
        .build();
  }

  private static FilterChain.Builder chain(Layout layout) {
    return FilterChain.newBuilder().setTransportSocket(tls(layout)).addFilters(http());
  }

  static Cluster app(int port) {
    var check =
        HealthCheck.newBuilder()
            .setTimeout(seconds(1))
            .setInterval(seconds(1))
            .setNoTrafficInterval(seconds(1))
            .setHealthyThreshold(UInt32Value.of(1))
            .setUnhealthyThreshold(UInt32Value.of(1))
            .setHttpHealthCheck(
                HealthCheck.HttpHealthCheck.newBuilder().setPath("/healthz?full=1"));
    return Cluster.newBuilder()
        .setName(EnvoyNames.APP_CLUSTER)
        .setConnectTimeout(seconds(1))
        .setLoadAssignment(
            ClusterLoadAssignment.newBuilder()
                .setClusterName(EnvoyNames.APP_CLUSTER)
                .addEndpoints(
                    LocalityLbEndpoints.newBuilder()
                        .addLbEndpoints(
                            LbEndpoint.newBuilder()
                                .setEndpoint(
                                    Endpoint.newBuilder().setAddress(address("127.0.0.1", port))))))
        .addHealthChecks(check)
        .build();
  }

  private static TransportSocket tls(Layout layout) {
    var context =
        DownstreamTlsContext.newBuilder()
            .setRequireClientCertificate(BoolValue.of(true))
            .setCommonTlsContext(
                CommonTlsContext.newBuilder()
                    .setTlsParams(TlsParameters.newBuilder().addEcdhCurves("P-384"))
                    .addTlsCertificateSdsSecretConfigs(
                        secret(EnvoyNames.IDENTITY_SECRET, layout.identitySds()))
                    .setValidationContextSdsSecretConfig(
                        secret(EnvoyNames.TRUST_SECRET, layout.trustSds())));
    return TransportSocket.newBuilder()
        .setName("envoy.transport_sockets.tls")
        .setTypedConfig(Any.pack(context.build()))
        .build();
  }

  private static SdsSecretConfig secret(String name, Path file) {
    return SdsSecretConfig.newBuilder()
        .setName(name)
        .setSdsConfig(
            ConfigSource.newBuilder()
                .setResourceApiVersion(ApiVersion.V3)
                .setPathConfigSource(PathConfigSource.newBuilder().setPath(file.toString())))
        .build();
  }

  private static Filter http() {
    var everything =
        Route.newBuilder()
            .setMatch(RouteMatch.newBuilder().setPrefix("/"))
            .setRoute(RouteAction.newBuilder().setCluster(EnvoyNames.APP_CLUSTER));
    var manager =
        HttpConnectionManager.newBuilder()
            .setStatPrefix("inbound")
            .setRouteConfig(
                RouteConfiguration.newBuilder()
                    .addVirtualHosts(
                        VirtualHost.newBuilder()
                            .setName("app")
                            .addDomains("*")
                            .addRoutes(everything)))
            .addHttpFilters(
                HttpFilter.newBuilder()
                    .setName("envoy.filters.http.router")
                    .setTypedConfig(Any.pack(Router.getDefaultInstance())));
    return Filter.newBuilder()
        .setName("envoy.filters.network.http_connection_manager")
        .setTypedConfig(Any.pack(manager.build()))
        .build();
  }

  private static Address address(String host, int port) {
    return Address.newBuilder()
        .setSocketAddress(SocketAddress.newBuilder().setAddress(host).setPortValue(port))
        .build();
  }

  private static Duration seconds(int seconds) {
    return Duration.newBuilder().setSeconds(seconds).build();
  }
}
