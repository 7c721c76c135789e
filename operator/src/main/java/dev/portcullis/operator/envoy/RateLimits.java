package dev.portcullis.operator.envoy;

import com.google.protobuf.Any;
import dev.portcullis.operator.envoy.schema.ratelimit.LocalRateLimit;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.RateLimit.Reach;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.List;
import java.util.stream.Stream;

/**
 * Counts requests, in two filters: one holds what each route counts on its own, the other what all
 * routes count together. Buckets live with the configuration that names them, so the second one's
 * are the virtual host's, and a route says only which of them it takes from.
 */
final class RateLimits implements Feature {

  /** On throttled answers: the limits of the stage that refused, by name. */
  static final String POLICY_HEADER = "ratelimit-policy";

  // Without it the host's default bucket would speak for a route that it does not count.
  static final Any OFF = Packed.any(FilterConfig.newBuilder().setDisabled(true).build());

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    // Without buckets: they do nothing until a route or host brings its own.
    http.addHttpFilters(idle(FilterNames.ROUTE_RATE_LIMIT))
        .addHttpFilters(idle(FilterNames.BACKEND_RATE_LIMIT));
    if (intent.shadow().isPresent()) {
      http.addHttpFilters(idle(FilterNames.SHADOW_RATE_LIMIT));
    }
  }

  @Override
  public void onHost(BackendIntent intent, VirtualHost.Builder host) {
    var enforced = sharedBy(enforcedIn(intent));
    if (!enforced.isEmpty()) {
      host.putTypedPerFilterConfig(
          FilterNames.BACKEND_RATE_LIMIT, packed(Buckets.of("backend_limits", enforced)));
    }
    // Counted apart: what denies nobody uses up nobody's count.
    var shadowed = sharedBy(intent.routes().stream().filter(intent::isShadowed));
    if (!shadowed.isEmpty()) {
      host.putTypedPerFilterConfig(
          FilterNames.SHADOW_RATE_LIMIT,
          packed(Buckets.counting("shadow_backend_limits", shadowed)));
    }
  }

  @Override
  public void onRoute(BackendIntent intent, Endpoint endpoint, Route.Builder route) {
    var shared = limitsOf(endpoint, Reach.BACKEND);
    // Whether it is off is decided by the path that a request comes with. A JSON request has
    // another
    // one then than when it is counted.
    if (shared.isEmpty()
        && !sharedBy(enforcedIn(intent)).isEmpty()
        && intent.application().transcoding().isEmpty()) {
      route.putTypedPerFilterConfig(FilterNames.BACKEND_RATE_LIMIT, OFF);
    }
    var name = endpoint.name();
    shared.forEach(limit -> route.getRouteBuilder().addAllRateLimits(new Counts(limit).of(name)));
    if (!shared.isEmpty() && intent.shadow().isPresent()) {
      route.putTypedPerFilterConfig(otherThanOf(intent, endpoint), packed(Buckets.none()));
    }
    var own = limitsOf(endpoint, Reach.ROUTE);
    if (!own.isEmpty()) {
      var buckets =
          endpoint.isShadowedIn(intent)
              ? Buckets.counting("shadow_route_limits", own)
              : Buckets.of("route_limits", own);
      own.forEach(limit -> buckets.addAllRateLimits(new Counts(limit).of(name)));
      if (!shared.isEmpty()) {
        // Both filters would write the headers, and a client would read two values as one.
        buckets.clearEnableXRatelimitHeaders();
      }
      route.putTypedPerFilterConfig(FilterNames.ROUTE_RATE_LIMIT, packed(buckets));
    }
  }

  /** A route says what it takes from shared buckets; of the two filters, one has to hear it. */
  private static String otherThanOf(BackendIntent intent, Endpoint endpoint) {
    return endpoint.isShadowedIn(intent)
        ? FilterNames.BACKEND_RATE_LIMIT
        : FilterNames.SHADOW_RATE_LIMIT;
  }

  private static Stream<dev.portcullis.operator.intent.Route> enforcedIn(BackendIntent intent) {
    return intent.routes().stream().filter(route -> !intent.isShadowed(route));
  }

  private static List<RateLimit> sharedBy(Stream<dev.portcullis.operator.intent.Route> routes) {
    return routes
        .flatMap(route -> limitsOf(new Endpoint.Known(route), Reach.BACKEND).stream())
        .distinct()
        .toList();
  }

  private static List<RateLimit> limitsOf(Endpoint endpoint, Reach reach) {
    return endpoint instanceof Endpoint.Known(var route)
        ? route.rateLimits().stream()
            .filter(limit -> limit.isOfSidecars() && limit.reach() == reach)
            .toList()
        : List.of();
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
