package dev.portcullis.operator.envoy;

import com.google.protobuf.Any;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Blocked;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.List;

/**
 * Refuses whoever calls from a blocked place, before anything is asked about him. A refusal is told
 * in the access log as {@code rbac_access_denied_matched_policy[blocked:<list>]}. It is in the
 * chain of those alone that block somebody; the networks are the virtual host's, so that an edit of
 * them drains nothing and counts for the next request on connections that are open.
 */
final class BlockedPlaces implements Feature {

  /** Before the name of the list; no other rule's name has a colon behind such a word. */
  static final String RULE = "blocked:";

  private static final String OWN_LIST = RULE + "blockedCidrs";

  /** What is not the policy's but the operator's own: what it measures is no call. */
  private static final Any OFF = Packed.any(FilterConfig.newBuilder().setDisabled(true).build());

  private static final List<String> EVERYWHERE = List.of("0.0.0.0/0", "::/0");

  /** Without networks of the host it refuses everybody. */
  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    if (intent.blocked().isPresent()) {
      http.addHttpFilters(
          Packed.filter(FilterNames.BLOCKED_CIDRS, rules("portcullis:no-list", EVERYWHERE)));
    }
  }

  @Override
  public void onHost(BackendIntent intent, VirtualHost.Builder host) {
    intent
        .blocked()
        .map(Blocked::cidrs)
        .map(cidrs -> RBACPerRoute.newBuilder().setRbac(rules(OWN_LIST, cidrs)).build())
        .ifPresent(
            rules -> host.putTypedPerFilterConfig(FilterNames.BLOCKED_CIDRS, Packed.any(rules)));
  }

  static void exempt(BackendIntent intent, Route.Builder route) {
    if (intent.blocked().isPresent()) {
      route.putTypedPerFilterConfig(FilterNames.BLOCKED_CIDRS, OFF);
    }
  }

  private static RBAC rules(String rule, List<String> cidrs) {
    return RBAC.newBuilder()
        .setRulesStatPrefix("blocked_")
        .setMatcher(new BlockMatcher(rule).refusing(cidrs))
        .build();
  }
}
