package dev.portcullis.operator.envoy;

import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.DocumentedBody;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import java.util.List;

/** Known endpoints go to the application; all else is answered here. Nothing is retried. */
final class Routing implements Feature {

  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int UNSUPPORTED_MEDIA_TYPE = 415;
  private static final int UPGRADE_REQUIRED = 426;

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    http.setStatPrefix(EnvoyNames.INBOUND_LISTENER)
        .setRds(
            Rds.newBuilder()
                .setRouteConfigName(EnvoyNames.INBOUND_ROUTES)
                .setConfigSource(AdsSource.CONFIG))
        .addHttpFilters(
            Packed.filter(
                FilterNames.ROUTER, Router.newBuilder().setSuppressEnvoyHeaders(true).build()));
  }

  @Override
  public void onRoute(BackendIntent intent, Endpoint endpoint, Route.Builder route) {
    var bounds = route.getRoute();
    switch (endpoint) {
      case Endpoint.Known(var known) -> {
        route.getRouteBuilder().setCluster(EnvoyNames.APP_CLUSTER);
        route.setMatch(match(known));
      }
      case Endpoint.WrongMethod(var path, var routes) ->
          route
              .setMatch(RouteMatches.path(path))
              .setDirectResponse(answer(METHOD_NOT_ALLOWED))
              .addResponseHeadersToAdd(allow(routes));
      case Endpoint.NoHandshake(var known) ->
          route.setMatch(match(known)).setDirectResponse(answer(UPGRADE_REQUIRED));
      case Endpoint.WrongMediaType(var known) ->
          route
              .setMatch(match(known).addAllHeaders(MediaTypes.noneOf(known)))
              .setDirectResponse(answer(UNSUPPORTED_MEDIA_TYPE));
      case Endpoint.WrongParameter(var path, _) ->
          route
              .setMatch(RouteMatches.path(DocumentedPath.ofAnyValue(path)))
              .setDirectResponse(answer(NOT_FOUND));
      case Endpoint.DisguisedPath() ->
          route.setMatch(RouteMatches.disguisedPath()).setDirectResponse(answer(NOT_FOUND));
      case Endpoint.UnknownPath() ->
          route.setMatch(RouteMatches.anyPath()).setDirectResponse(answer(NOT_FOUND));
    }
    if (route.hasDirectResponse() && endpoint.isShadowedIn(intent)) {
      route
          .clearResponseHeadersToAdd()
          .setRoute(bounds.toBuilder().setCluster(EnvoyNames.APP_CLUSTER));
    }
  }

  private static RouteMatch.Builder match(dev.portcullis.operator.intent.Route known) {
    var match = RouteMatches.path(known.path()).addHeaders(RouteMatches.method(known.methods()));
    return known.body().orElse(null) instanceof DocumentedBody.NoneAndUntyped()
        ? match.addHeaders(MediaTypes.ABSENT)
        : match;
  }

  private static DirectResponseAction answer(int status) {
    return DirectResponseAction.newBuilder().setStatus(status).build();
  }

  private static HeaderValueOption allow(List<dev.portcullis.operator.intent.Route> routes) {
    var methods =
        routes.stream().flatMap(route -> route.methods().stream()).sorted().distinct().toList();
    return HeaderValueOption.newBuilder()
        .setHeader(
            HeaderValue.newBuilder()
                .setKey("allow")
                .setValue(FormatText.literal(String.join(", ", methods))))
        .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
        .build();
  }
}
