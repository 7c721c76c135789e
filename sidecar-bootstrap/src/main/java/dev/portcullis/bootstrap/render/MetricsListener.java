package dev.portcullis.bootstrap.render;

import com.google.protobuf.BoolValue;
import com.google.protobuf.UInt32Value;
import dev.portcullis.bootstrap.contract.Metrics;
import dev.portcullis.bootstrap.contract.SidecarPorts;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;

/**
 * Plain HTTP for those who gather metrics: one path, GET and HEAD, without a query. The rest of the
 * admin interface, which can stop the proxy, has no route. It keeps answering when Envoy refuses
 * everything else, or nobody would see why.
 */
final class MetricsListener {

  static final String NAME = "metrics";

  private static final String ADMIN = "portcullis-admin";

  /** One answer is a walk over all counters on Envoy's main thread. */
  private static final int AT_ONCE = 2;

  private MetricsListener() {}

  static Listener of(SidecarSettings.Families families) {
    var manager =
        Filter.newBuilder()
            .setName("envoy.filters.network.http_connection_manager")
            .setTypedConfig(
                TypedConfig.of(
                    "envoy.extensions.filters.network.http_connection_manager.v3"
                        + ".HttpConnectionManager",
                    connectionManager()));
    return Listener.newBuilder()
        .setName(NAME)
        .setAddress(Addresses.any(families, SidecarPorts.METRICS))
        .setIgnoreGlobalConnLimit(true)
        .setBypassOverloadManager(true)
        .addFilterChains(FilterChain.newBuilder().addFilters(manager))
        .build();
  }

  /** The admin interface, over the socket that only the proxy's own user may open. */
  static Cluster admin(Layout layout) {
    var thresholds =
        CircuitBreakers.Thresholds.newBuilder()
            .setMaxRequests(UInt32Value.of(AT_ONCE))
            .setMaxPendingRequests(UInt32Value.of(AT_ONCE));
    return Cluster.newBuilder()
        .setName(ADMIN)
        .setType(Cluster.DiscoveryType.STATIC)
        .setConnectTimeout(Durations.seconds(1))
        .setLoadAssignment(Addresses.oneEndpoint(ADMIN, Addresses.pipe(layout.adminSocket())))
        .setCircuitBreakers(CircuitBreakers.newBuilder().addThresholds(thresholds))
        .build();
  }

  private static HttpConnectionManager connectionManager() {
    return HttpConnectionManager.newBuilder()
        .setStatPrefix(NAME)
        .setCodecType(HttpConnectionManager.CodecType.HTTP1)
        .setUseRemoteAddress(BoolValue.of(true))
        .setSkipXffAppend(true)
        .setGenerateRequestId(BoolValue.of(false))
        .setServerHeaderTransformation(
            HttpConnectionManager.ServerHeaderTransformation.PASS_THROUGH)
        .setRequestHeadersTimeout(Durations.seconds(5))
        .setCommonHttpProtocolOptions(
            HttpProtocolOptions.newBuilder().setIdleTimeout(Durations.seconds(120)))
        .setRouteConfig(routes())
        .addHttpFilters(router())
        .build();
  }

  private static RouteConfiguration routes() {
    var metrics =
        Route.newBuilder()
            .setMatch(
                RouteMatch.newBuilder()
                    .setPath(Metrics.PATH)
                    .addAllHeaders(ProbeRoutes.exactly(Metrics.PATH)))
            .setRoute(RouteAction.newBuilder().setCluster(ADMIN).setTimeout(Durations.seconds(10)));
    return RouteConfiguration.newBuilder()
        .setName(NAME)
        .addVirtualHosts(VirtualHost.newBuilder().setName(NAME).addDomains("*").addRoutes(metrics))
        .build();
  }

  private static HttpFilter router() {
    return HttpFilter.newBuilder()
        .setName("envoy.filters.http.router")
        .setTypedConfig(
            TypedConfig.of(
                "envoy.extensions.filters.http.router.v3.Router",
                Router.newBuilder().setSuppressEnvoyHeaders(true).build()))
        .build();
  }
}
