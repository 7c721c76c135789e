package dev.portcullis.operator.envoy;

import com.google.protobuf.Any;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Caller;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.List;
import java.util.Optional;

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

  /**
   * @param name what the access log calls a refusal
   */
  private record Rule(String name, List<Caller> callers) {}

  @Override
  public void onRoute(BackendIntent intent, Endpoint endpoint, Route.Builder route) {
    var rule = ruleAt(intent, endpoint);
    var shadowed = endpoint.isShadowedIn(intent);
    route.putTypedPerFilterConfig(
        FilterNames.CALLER_RBAC,
        rule.map(it -> shadowed ? counting(it) : perRoute(it.name(), it.callers()))
            .orElseGet(CallerRbac::everyone));
    for (var outside : Entrance.fromOutside(intent)) {
      var rules = new OutsideRules(outside.trust());
      var callers = rule.map(Rule::callers);
      route.putTypedPerFilterConfig(
          FilterNames.outsideRbac(outside),
          shadowed
              ? counting(rules, intent.callers(), callers)
              : callers
                  .map(rules::admitting)
                  .map(CallerRbac::perRoute)
                  .orElseGet(CallerRbac::everyone));
    }
  }

  /** Without one, the route itself refuses, in the same words for everyone. */
  private static Optional<Rule> ruleAt(BackendIntent intent, Endpoint endpoint) {
    return switch (endpoint) {
      case Endpoint.Known(var known) -> rule(intent, List.of(known));
      case Endpoint.WrongMethod(_, var routes) -> rule(intent, routes);
      case Endpoint.NoHandshake(var known) -> rule(intent, List.of(known));
      case Endpoint.WrongMediaType(var known) -> rule(intent, List.of(known));
      case Endpoint.WrongParameter(_, _) -> Optional.empty();
      case Endpoint.DisguisedPath() -> Optional.empty();
      case Endpoint.UnknownPath() -> Optional.empty();
    };
  }

  private static Optional<Rule> rule(
      BackendIntent intent, List<dev.portcullis.operator.intent.Route> routes) {
    var callers = routes.stream().flatMap(known -> known.callers().stream()).distinct().toList();
    return Optional.of(new Rule(intent.key() + "/" + routes.getFirst().name(), callers));
  }

  /** Whoever our own CA vouches for is let in; who would not have been leaves a mark. */
  private static Any counting(Rule rule) {
    return perRoute(
        RBAC.newBuilder()
            .setShadowRulesStatPrefix(ShadowRecord.CALLERS)
            .setShadowMatcher(new CallerMatcher(rule.name()).admitting(rule.callers()))
            .build());
  }

  /**
   * Another CA writes any name, so who is let in must be a caller still, of whatever route: the
   * application is told nobody else's name.
   */
  private static Any counting(
      OutsideRules rules, List<Caller> known, Optional<List<Caller>> admitted) {
    var rbac = rules.admitting(known).toBuilder();
    admitted.ifPresent(
        callers ->
            rbac.setShadowRulesStatPrefix(ShadowRecord.CALLERS)
                .setShadowRules(rules.admitting(callers).getRules()));
    return perRoute(rbac.build());
  }

  static Any perRoute(String rule, List<Caller> callers) {
    return perRoute(only(rule, callers));
  }

  private static Any perRoute(RBAC rules) {
    return Packed.any(RBACPerRoute.newBuilder().setRbac(rules).build());
  }

  private static Any everyone() {
    return Packed.any(RBACPerRoute.getDefaultInstance());
  }

  private static RBAC only(String rule, List<Caller> callers) {
    return RBAC.newBuilder().setMatcher(new CallerMatcher(rule).admitting(callers)).build();
  }
}
