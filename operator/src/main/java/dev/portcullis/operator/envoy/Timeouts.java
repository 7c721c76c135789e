package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.Application.Protocol;
import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction.MaxStreamDuration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.time.Duration;

/** No connection, request or silence without an end. */
final class Timeouts implements Feature {

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    var timeouts = intent.timeouts();
    http.setStreamIdleTimeout(ProtoDuration.of(timeouts.idle()))
        .setRequestHeadersTimeout(ProtoDuration.of(timeouts.requestHeaders()))
        .setDelayedCloseTimeout(ProtoDuration.of(Duration.ofSeconds(1)))
        // Tells an HTTP/1 client `connection: close` instead of cutting between two requests.
        .setHttp1SafeMaxConnectionDuration(true);
    http.getCommonHttpProtocolOptionsBuilder()
        .setIdleTimeout(ProtoDuration.of(timeouts.idle()))
        .setMaxConnectionDuration(ProtoDuration.of(intent.limits().connectionLifetime()));
  }

  @Override
  public void onRoute(BackendIntent intent, Endpoint endpoint, Route.Builder route) {
    if (endpoint instanceof Endpoint.Known(var known)) {
      bound(known, intent, route);
    } else if (endpoint.isShadowedIn(intent)) {
      if (endpoint instanceof Endpoint.WrongMediaType(var known)) {
        bound(known, intent, route);
      } else {
        intent.timeoutOfUnknown().ifPresent(request -> bound(request, intent, route));
      }
    }
  }

  private static void bound(
      dev.portcullis.operator.intent.Route known, BackendIntent intent, Route.Builder route) {
    route.getRouteBuilder().setIdleTimeout(ProtoDuration.of(known.idleTimeout()));
    bound(known.requestTimeout(), intent, route);
  }

  private static void bound(Duration request, BackendIntent intent, Route.Builder route) {
    var action = route.getRouteBuilder().setTimeout(ProtoDuration.of(request));
    if (!request.isZero()) {
      action.setMaxStreamDuration(whole(intent.application().protocol(), request));
    }
  }

  /**
   * Envoy's plain timeout starts when the request is complete, so a slow upload would have none.
   * This one runs from the first byte; when it ends, an incomplete request is answered 408, a
   * complete one 504.
   */
  private static MaxStreamDuration whole(Protocol protocol, Duration request) {
    var whole = MaxStreamDuration.newBuilder().setMaxStreamDuration(ProtoDuration.of(request));
    return switch (protocol) {
      case HTTP1, HTTP2 -> whole.build();
      // A caller's own deadline counts where it is the shorter one.
      case GRPC -> whole.setGrpcTimeoutHeaderMax(ProtoDuration.of(request)).build();
    };
  }
}
