package dev.portcullis.operator.envoy;

import com.google.protobuf.Any;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.TokenRule;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;

/**
 * What a checked token must say, and that there was one: a route whose check got lost, or never
 * ran, is refused here. A refusal is told in the access log as {@code
 * rbac_access_denied_matched_policy[<namespace>/<policy>/<route>:token]}.
 */
final class TokenRbac implements Feature {

  static final Any NO_TOKEN_ASKED = Packed.any(RBACPerRoute.getDefaultInstance());

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    var nobody = io.envoyproxy.envoy.config.rbac.v3.RBAC.getDefaultInstance();
    http.addHttpFilters(
        Packed.filter(FilterNames.TOKEN_RBAC, RBAC.newBuilder().setRules(nobody).build()));
  }

  @Override
  public void onRoute(BackendIntent intent, Endpoint endpoint, Route.Builder route) {
    var rule =
        TokenCheck.ruleOf(endpoint)
            .map(asked -> refusingAllBut(asked, intent.key() + "/" + endpoint.name() + ":token"))
            .orElse(NO_TOKEN_ASKED);
    route.putTypedPerFilterConfig(FilterNames.TOKEN_RBAC, rule);
  }

  /**
   * Says who is refused, not who is let in: the rule that lets a caller in leaves its name behind,
   * which must stay that of {@link CallerRbac}.
   */
  private static Any refusingAllBut(TokenRule rule, String name) {
    var admitted = Principal.Set.newBuilder();
    rule.issuers().forEach(issuer -> admitted.addIds(TokenClaims.of(issuer, rule.claims())));
    var refused =
        Policy.newBuilder()
            .addPermissions(Permission.newBuilder().setAny(true))
            .addPrincipals(
                Principal.newBuilder().setNotId(Principal.newBuilder().setOrIds(admitted)));
    var rules =
        io.envoyproxy
            .envoy
            .config
            .rbac
            .v3
            .RBAC
            .newBuilder()
            .setAction(io.envoyproxy.envoy.config.rbac.v3.RBAC.Action.DENY)
            .putPolicies(name, refused.build());
    return Packed.any(RBACPerRoute.newBuilder().setRbac(RBAC.newBuilder().setRules(rules)).build());
  }
}
