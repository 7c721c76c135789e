package dev.portcullis.operator.xds;

import com.google.protobuf.Any;
import dev.portcullis.operator.envoy.EnvoyResources;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import java.util.ArrayList;
import java.util.List;

/**
 * Small configurations that a real Envoy takes: a listener that answers every request with a text,
 * and clusters that nothing is sent to.
 */
record Resources(int port, String statPrefix, String answer, List<String> clusters) {

  static Resources answering(String answer) {
    return new Resources(10_000, "inbound", answer, List.of("app"));
  }

  Resources onPort(int newPort) {
    return new Resources(newPort, statPrefix, answer, clusters);
  }

  /** Changes the routes alone. */
  Resources withAnswer(String newAnswer) {
    return new Resources(port, statPrefix, newAnswer, clusters);
  }

  /** Changes the listener alone. */
  Resources withStatPrefix(String newPrefix) {
    return new Resources(port, newPrefix, answer, clusters);
  }

  Resources withClusters(String... names) {
    return new Resources(port, statPrefix, answer, List.of(names));
  }

  EnvoyResources build() {
    var clusterMessages = new ArrayList<Cluster>();
    clusters.forEach(
        name ->
            clusterMessages.add(
                Cluster.newBuilder().setName(name).setType(Cluster.DiscoveryType.STATIC).build()));
    return new EnvoyResources(toString(), listener(), routes(), clusterMessages);
  }

  private Listener listener() {
    var ads =
        ConfigSource.newBuilder()
            .setAds(AggregatedConfigSource.getDefaultInstance())
            .setResourceApiVersion(ApiVersion.V3);
    var http =
        HttpConnectionManager.newBuilder()
            .setStatPrefix(statPrefix)
            .setRds(Rds.newBuilder().setRouteConfigName("inbound").setConfigSource(ads))
            .addHttpFilters(
                HttpFilter.newBuilder()
                    .setName("envoy.filters.http.router")
                    .setTypedConfig(Any.pack(Router.getDefaultInstance())));
    var filter =
        Filter.newBuilder()
            .setName("envoy.filters.network.http_connection_manager")
            .setTypedConfig(Any.pack(http.build()));
    return Listener.newBuilder()
        .setName("inbound")
        .setAddress(
            Address.newBuilder()
                .setSocketAddress(
                    SocketAddress.newBuilder().setAddress("127.0.0.1").setPortValue(port)))
        .addFilterChains(FilterChain.newBuilder().setName("all").addFilters(filter))
        .build();
  }

  private RouteConfiguration routes() {
    var body = DataSource.newBuilder().setInlineString(answer);
    var everything =
        Route.newBuilder()
            .setMatch(RouteMatch.newBuilder().setPrefix("/"))
            .setDirectResponse(DirectResponseAction.newBuilder().setStatus(200).setBody(body));
    return RouteConfiguration.newBuilder()
        .setName("inbound")
        .addVirtualHosts(
            VirtualHost.newBuilder().setName("all").addDomains("*").addRoutes(everything))
        .build();
  }
}
