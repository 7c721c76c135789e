package dev.portcullis.operator.envoy;

import com.google.protobuf.UInt64Value;
import dev.portcullis.operator.envoy.schema.bodysize.BodySizeLimit;
import dev.portcullis.operator.envoy.schema.filterchain.FilterChain;
import dev.portcullis.operator.envoy.schema.filterchain.FilterChainConfig;
import dev.portcullis.operator.envoy.schema.filterchain.FilterChainConfigPerRoute;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.DocumentedBody;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;

/** The largest request body of each route, counted as it streams by and never held. */
final class BodyLimit implements Feature {

  /** The filter takes no zero. */
  private static final long LEAST = 1;

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    http.addHttpFilters(
        Packed.filter(FilterNames.BODY_LIMIT, FilterChainConfig.getDefaultInstance()));
  }

  @Override
  public void onRoute(BackendIntent intent, Endpoint endpoint, Route.Builder route) {
    if (endpoint.isShadowedIn(intent)) {
      // ShadowRecord counts instead.
      return;
    }
    if (endpoint instanceof Endpoint.Known(var known)) {
      // The filter counts whatever passes, so it would cut a WebSocket in its midst.
      if (!known.isOfWebSockets()) {
        limit(most(known), route);
      }
    } else if (intent.application().transcoding().isPresent()) {
      // The limit is chosen before a JSON request becomes a call of a known path.
      limit(JsonTranscoder.mostBytes(intent), route);
    }
  }

  private static void limit(long bytes, Route.Builder route) {
    var limit = BodySizeLimit.newBuilder().setMaxRequestBytes(UInt64Value.of(bytes)).build();
    var chain = FilterChain.newBuilder().addFilters(Packed.extension("body_size_limit", limit));
    route.putTypedPerFilterConfig(
        FilterNames.BODY_LIMIT,
        Packed.any(FilterChainConfigPerRoute.newBuilder().setFilterChain(chain).build()));
  }

  static long most(dev.portcullis.operator.intent.Route route) {
    return switch (route.body().orElse(null)) {
      case null -> route.maxRequestBytes();
      case DocumentedBody.Typed _ -> route.maxRequestBytes();
      case DocumentedBody.None() -> LEAST;
      case DocumentedBody.NoneAndUntyped() -> LEAST;
    };
  }
}
