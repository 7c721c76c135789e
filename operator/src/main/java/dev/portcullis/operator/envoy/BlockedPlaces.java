package dev.portcullis.operator.envoy;

import com.github.xds.type.matcher.v3.Matcher;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Blocked;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.List;

/**
 * Refuses whoever calls from a blocked place, before anything else is asked. A refusal is told in
 * the access log as {@code rbac_access_denied_matched_policy[blocked:<list>]}. It is in the chain
 * of those alone that block somebody; the networks are the virtual host's, so that an edit of them
 * drains nothing and counts for the next request on connections that are open.
 */
final class BlockedPlaces implements Feature {

  /** Before the name of the list; no namespace, and so no other rule, has a colon. */
  static final String RULE = "blocked:";

  private static final BlockMatcher OWN_LIST = new BlockMatcher(RULE + "blockedCidrs");

  /** Without networks of the host it refuses everybody. */
  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    if (intent.blocked().isPresent()) {
      http.addHttpFilters(
          Packed.filter(
              FilterNames.BLOCKED_CIDRS,
              rules(new CallerMatcher("portcullis:no-list").admitting(List.of()))));
    }
  }

  @Override
  public void onHost(BackendIntent intent, VirtualHost.Builder host) {
    intent
        .blocked()
        .map(Blocked::cidrs)
        .map(cidrs -> RBACPerRoute.newBuilder().setRbac(rules(OWN_LIST.refusing(cidrs))).build())
        .ifPresent(
            rules -> host.putTypedPerFilterConfig(FilterNames.BLOCKED_CIDRS, Packed.any(rules)));
  }

  /** A route of the operator's own: what it measures is no call. */
  static void exempt(BackendIntent intent, Route.Builder route) {
    if (intent.blocked().isPresent()) {
      route.putTypedPerFilterConfig(FilterNames.BLOCKED_CIDRS, RateLimits.OFF);
    }
  }

  private static RBAC rules(Matcher matcher) {
    return RBAC.newBuilder().setRulesStatPrefix("blocked_").setMatcher(matcher).build();
  }
}
