package dev.portcullis.operator.envoy;

import com.google.protobuf.Any;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Caller;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.List;

/**
 * Who may use which route. A route without a rule of its own is refused; a refusal is told in the
 * access log as {@code rbac_access_denied_matched_policy[<namespace>/<policy>/<route>]}.
 */
final class CallerRbac implements Feature {

  @Override
  public void onHttp(BackendIntent intent, Entrance entrance, HttpConnectionManager.Builder http) {
    http.addHttpFilters(
        switch (entrance) {
          case Entrance.OfMesh() ->
              Packed.filter(FilterNames.CALLER_RBAC, only("portcullis:no-rule", List.of()));
          case Entrance.FromOutside outside ->
              Packed.filter(
                  FilterNames.outsideRbac(outside),
                  new OutsideRules(outside.trust()).admitting(List.of()));
        });
  }

  @Override
  public void onRoute(BackendIntent intent, Endpoint endpoint, Route.Builder route) {
    route.putTypedPerFilterConfig(FilterNames.CALLER_RBAC, ruleOf(intent, endpoint));
    for (var outside : Entrance.fromOutside(intent)) {
      route.putTypedPerFilterConfig(FilterNames.outsideRbac(outside), ruleOf(outside, endpoint));
    }
  }

  private static Any ruleOf(Entrance.FromOutside outside, Endpoint endpoint) {
    return switch (endpoint) {
      case Endpoint.Known(var known) -> perRoute(outside, known.callers());
      case Endpoint.WrongMethod(_, var routes) -> perRoute(outside, callersOf(routes));
      case Endpoint.NoHandshake(var known) -> perRoute(outside, known.callers());
      case Endpoint.WrongMediaType(var known) -> perRoute(outside, known.callers());
      case Endpoint.WrongParameter(_, _) -> everyone();
      case Endpoint.DisguisedPath() -> everyone();
      case Endpoint.UnknownPath() -> everyone();
    };
  }

  private static Any perRoute(Entrance.FromOutside outside, List<Caller> callers) {
    var rules = new OutsideRules(outside.trust()).admitting(callers);
    return Packed.any(RBACPerRoute.newBuilder().setRbac(rules).build());
  }

  private static List<Caller> callersOf(List<dev.portcullis.operator.intent.Route> routes) {
    return routes.stream().flatMap(known -> known.callers().stream()).distinct().toList();
  }

  private static Any ruleOf(BackendIntent intent, Endpoint endpoint) {
    return switch (endpoint) {
      case Endpoint.Known(var known) ->
          perRoute(intent.key() + "/" + known.name(), known.callers());
      case Endpoint.WrongMethod(_, var routes) ->
          perRoute(intent.key() + "/" + routes.getFirst().name(), callersOf(routes));
      case Endpoint.NoHandshake(var known) ->
          perRoute(intent.key() + "/" + known.name(), known.callers());
      case Endpoint.WrongMediaType(var known) ->
          perRoute(intent.key() + "/" + known.name(), known.callers());
      // Refused by the route itself, in the same words for everyone.
      case Endpoint.WrongParameter(_, _) -> everyone();
      case Endpoint.DisguisedPath() -> everyone();
      case Endpoint.UnknownPath() -> everyone();
    };
  }

  static Any perRoute(String rule, List<Caller> callers) {
    return Packed.any(RBACPerRoute.newBuilder().setRbac(only(rule, callers)).build());
  }

  private static Any everyone() {
    return Packed.any(RBACPerRoute.getDefaultInstance());
  }

  private static RBAC only(String rule, List<Caller> callers) {
    return RBAC.newBuilder().setMatcher(new CallerMatcher(rule).admitting(callers)).build();
  }
}
