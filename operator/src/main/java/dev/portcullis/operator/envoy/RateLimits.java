package dev.portcullis.operator.envoy;

import com.google.protobuf.Any;
import dev.portcullis.operator.envoy.schema.ratelimit.LocalRateLimit;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.RateLimit.Reach;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.List;

/**
 * Counts per client address, in two filters: one holds what each route counts on its own, the other
 * what all routes count together. Buckets live with the configuration that names them, so the
 * second one's are the virtual host's, and a route says only which of them it takes from.
 */
final class RateLimits implements Feature {

  /** On throttled answers: the limits of the stage that refused, by name. */
  static final String POLICY_HEADER = "ratelimit-policy";

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    // Without buckets: they do nothing until a route or host brings its own.
    http.addHttpFilters(idle(FilterNames.ROUTE_RATE_LIMIT))
        .addHttpFilters(idle(FilterNames.BACKEND_RATE_LIMIT));
  }

  @Override
  public void onHost(BackendIntent intent, VirtualHost.Builder host) {
    var shared =
        intent.routes().stream()
            .flatMap(route -> limitsOf(route, Reach.BACKEND).stream())
            .distinct()
            .toList();
    if (!shared.isEmpty()) {
      host.putTypedPerFilterConfig(
          FilterNames.BACKEND_RATE_LIMIT, packed(Buckets.of("backend_limits", shared)));
    }
  }

  @Override
  public void onRoute(BackendIntent intent, Endpoint endpoint, Route.Builder route) {
    if (endpoint instanceof Endpoint.Known(var known)) {
      limitsOf(known, Reach.BACKEND).stream()
          .map(Buckets::counted)
          .forEach(route.getRouteBuilder()::addRateLimits);
      var own = limitsOf(known, Reach.ROUTE);
      if (!own.isEmpty()) {
        var buckets = Buckets.of("route_limits", own);
        own.stream().map(Buckets::counted).forEach(buckets::addRateLimits);
        route.putTypedPerFilterConfig(FilterNames.ROUTE_RATE_LIMIT, packed(buckets));
      }
    }
  }

  private static List<RateLimit> limitsOf(dev.portcullis.operator.intent.Route route, Reach reach) {
    return route.rateLimits().stream().filter(limit -> limit.reach() == reach).toList();
  }

  private static Any packed(LocalRateLimit.Builder buckets) {
    return Packed.any(buckets.build());
  }

  private static io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3
          .HttpFilter
      idle(String name) {
    return Packed.filter(name, LocalRateLimit.newBuilder().setStatPrefix("no_limits").build());
  }
}
