package dev.portcullis.operator.envoy;

import com.google.protobuf.UInt32Value;
import dev.portcullis.operator.intent.Application.Pool;
import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.RoutingPriority;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction.UpgradeConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;

/**
 * WebSockets, on the routes that take them; a handshake to any other is refused by Envoy itself.
 *
 * <p>The routes say so, never the listener: a list of upgrades there could have filters of its own,
 * without those that guard requests. What they take of the application is counted at another
 * priority, so that the long life of some leaves the others their place.
 */
final class WebSockets implements Feature {

  private static final String WEBSOCKET = "websocket";

  /** Over HTTP/2 a handshake is an extended CONNECT, which Envoy turns into a GET (RFC 8441). */
  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    if (intent.takesWebSockets()) {
      http.getHttp2ProtocolOptionsBuilder().setAllowConnect(true);
    }
  }

  @Override
  public void onRoute(BackendIntent intent, Endpoint endpoint, Route.Builder route) {
    if (endpoint instanceof Endpoint.Known(var known) && known.isOfWebSockets()) {
      route.getMatchBuilder().addHeaders(handshake());
      route
          .getRouteBuilder()
          .setPriority(RoutingPriority.HIGH)
          .addUpgradeConfigs(UpgradeConfig.newBuilder().setUpgradeType(WEBSOCKET));
    }
  }

  @Override
  public void onCluster(BackendIntent intent, Cluster.Builder app) {
    if (intent.takesWebSockets()) {
      app.getCircuitBreakersBuilder().addThresholds(thresholds(intent.application().pool()));
    }
  }

  /** Envoy takes the header away from what does not ask for an upgrade in earnest. */
  private static HeaderMatcher handshake() {
    return HeaderMatcher.newBuilder()
        .setName("upgrade")
        .setStringMatch(StringMatcher.newBuilder().setExact(WEBSOCKET).setIgnoreCase(true))
        .build();
  }

  /** Who waited for a connection would wait for one that is not given back. */
  private static Thresholds.Builder thresholds(Pool pool) {
    return Thresholds.newBuilder()
        .setPriority(RoutingPriority.HIGH)
        .setMaxConnections(UInt32Value.of(Integer.MAX_VALUE))
        .setMaxPendingRequests(UInt32Value.of(pool.pendingRequests()))
        .setMaxRequests(UInt32Value.of(pool.webSockets()))
        .setMaxRetries(UInt32Value.of(0));
  }
}
