package dev.portcullis.operator.envoy;

import com.google.protobuf.Struct;
import com.google.protobuf.util.Values;
import dev.portcullis.operator.intent.Application.Breaker;
import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;

/**
 * Asks nothing of an application that is too slow. Envoy has no filter of its own for it, so the
 * rule is a program, the same one for everybody, and its numbers are the route's metadata. It is in
 * the chain of those alone that ask for it.
 */
final class LatencyBreaker implements Feature {

  /** In the access log: {@code open} for what was refused, {@code probe} for what was tried. */
  static final String ANSWER = "%DYNAMIC_METADATA(" + FilterNames.LATENCY_BREAKER + ":answer)%";

  private static final LuaProgram PROGRAM =
      new LuaProgram(FilterNames.LATENCY_BREAKER, "latency_breaker", LatencyBreakerProgram.LUA);

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    if (intent.application().breaker().isPresent()) {
      http.addHttpFilters(PROGRAM.httpFilter());
    }
  }

  @Override
  public void onRoute(BackendIntent intent, Endpoint endpoint, Route.Builder route) {
    if (endpoint instanceof Endpoint.Known) {
      intent.application().breaker().ifPresent(breaker -> guard(breaker, route));
    }
  }

  private static void guard(Breaker breaker, Route.Builder route) {
    route.putTypedPerFilterConfig(FilterNames.LATENCY_BREAKER, PROGRAM.onRoute());
    route.getMetadataBuilder().putFilterMetadata(FilterNames.LATENCY_BREAKER, numbers(breaker));
  }

  private static Struct numbers(Breaker breaker) {
    return Struct.newBuilder()
        .putFields("latencyMs", Values.of(breaker.latency().toMillis()))
        .putFields("openMs", Values.of(breaker.open().toMillis()))
        .putFields("percentile", Values.of(breaker.percentile()))
        .build();
  }
}
