package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.Application.Protocol;
import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction.MaxStreamDuration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.time.Duration;

/** No connection, request or silence without an end. */
final class Timeouts implements Feature {

  /**
   * Envoy's route timeout starts when the request is complete, so a slow upload needs a bound of
   * its own over the whole stream. It comes this much later, so that a slow application is still
   * told as 504 and not as the client's 408.
   */
  private static final Duration UPLOAD_GRACE = Duration.ofMillis(100);

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
      var action = route.getRouteBuilder();
      action
          .setTimeout(ProtoDuration.of(known.requestTimeout()))
          .setIdleTimeout(ProtoDuration.of(known.idleTimeout()));
      if (!known.requestTimeout().isZero()) {
        action.setMaxStreamDuration(whole(intent, known.requestTimeout()));
      }
    }
  }

  private static MaxStreamDuration whole(BackendIntent intent, Duration request) {
    var whole =
        MaxStreamDuration.newBuilder()
            .setMaxStreamDuration(ProtoDuration.of(request.plus(UPLOAD_GRACE)));
    if (intent.application().protocol() == Protocol.GRPC) {
      whole.setGrpcTimeoutHeaderMax(ProtoDuration.of(request));
    }
    return whole.build();
  }
}
