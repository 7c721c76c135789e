package dev.portcullis.operator.envoy;

import com.google.protobuf.Any;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.KeyRule;
import dev.portcullis.operator.intent.Proof;
import dev.portcullis.operator.intent.TokenRule;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.rbac.v3.SourcedMetadata;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher.PathSegment;
import io.envoyproxy.envoy.type.matcher.v3.OrMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a checked token must say and whose a key must be, and that there was one: a route whose
 * check got lost, or never ran, is refused here. A refusal is told in the access log as {@code
 * rbac_access_denied_matched_policy[<namespace>/<policy>/<route>:token]}, with {@code key} or
 * {@code token-or-key} in its place.
 */
final class ProofRbac implements Feature {

  static final Any NOTHING_ASKED = Packed.any(RBACPerRoute.getDefaultInstance());

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    var nobody = io.envoyproxy.envoy.config.rbac.v3.RBAC.getDefaultInstance();
    http.addHttpFilters(
        Packed.filter(FilterNames.PROOF_RBAC, RBAC.newBuilder().setRules(nobody).build()));
  }

  @Override
  public void onRoute(BackendIntent intent, Endpoint endpoint, Route.Builder route) {
    var shadowed = endpoint.isShadowedIn(intent);
    var proof = TokenCheck.proofOf(endpoint);
    var demands = new TreeMap<>(demandsOf(proof));
    if (shadowed && proof instanceof Proof.Either(var token, _)) {
      demands.put("token", TokenClaims.notFailing(token));
    }
    if (demands.isEmpty()) {
      route.putTypedPerFilterConfig(FilterNames.PROOF_RBAC, NOTHING_ASKED);
      return;
    }
    var rules = allBut(demands, intent.key() + "/" + endpoint.name() + ":");
    route.putTypedPerFilterConfig(
        FilterNames.PROOF_RBAC, shadowed ? counting(rules) : refusing(rules));
  }

  /** By name, each of which must be met. */
  private static Map<String, Principal> demandsOf(Proof proof) {
    return switch (proof) {
      case Proof.Nothing() -> Map.of();
      case Proof.OfToken(var token) -> Map.of("token", holderOf(token));
      case Proof.OfKey(var key) -> Map.of("key", holderOf(key));
      case Proof.Either(var token, var key) ->
          Map.of("token-or-key", anyOf(holderOf(token), holderOf(key)));
      case Proof.Both(var token, var key) -> Map.of("token", holderOf(token), "key", holderOf(key));
    };
  }

  /**
   * Says who is refused, not who is let in: the rule that lets a caller in leaves its name behind,
   * which must stay that of {@link CallerRbac}.
   */
  private static io.envoyproxy.envoy.config.rbac.v3.RBAC allBut(
      Map<String, Principal> demands, String place) {
    var rules =
        io.envoyproxy
            .envoy
            .config
            .rbac
            .v3
            .RBAC
            .newBuilder()
            .setAction(io.envoyproxy.envoy.config.rbac.v3.RBAC.Action.DENY);
    demands.forEach((name, admitted) -> rules.putPolicies(place + name, allBut(admitted)));
    return rules.build();
  }

  private static Any refusing(io.envoyproxy.envoy.config.rbac.v3.RBAC rules) {
    return Packed.any(RBACPerRoute.newBuilder().setRbac(RBAC.newBuilder().setRules(rules)).build());
  }

  private static Any counting(io.envoyproxy.envoy.config.rbac.v3.RBAC rules) {
    var rbac =
        RBAC.newBuilder().setShadowRulesStatPrefix(ShadowRecord.PROOFS).setShadowRules(rules);
    return Packed.any(RBACPerRoute.newBuilder().setRbac(rbac).build());
  }

  private static Policy allBut(Principal admitted) {
    return Policy.newBuilder()
        .addPermissions(Permission.newBuilder().setAny(true))
        .addPrincipals(Principal.newBuilder().setNotId(admitted))
        .build();
  }

  private static Principal holderOf(TokenRule rule) {
    return anyOf(
        rule.issuers().stream()
            .map(issuer -> TokenClaims.of(issuer, rule.claims()))
            .toArray(Principal[]::new));
  }

  private static Principal holderOf(KeyRule rule) {
    var client =
        MetadataMatcher.newBuilder()
            .setFilter(FilterNames.API_KEYS)
            .addPath(PathSegment.newBuilder().setKey("client"))
            .setValue(clientOf(rule));
    return Principal.newBuilder()
        .setSourcedMetadata(SourcedMetadata.newBuilder().setMetadataMatcher(client))
        .build();
  }

  private static ValueMatcher clientOf(KeyRule rule) {
    if (rule.clients().isEmpty()) {
      return ValueMatcher.newBuilder().setPresentMatch(true).build();
    }
    var each = rule.clients().stream().map(ProofRbac::exactly).toList();
    // Envoy refuses an alternative of one.
    return each.size() == 1
        ? each.getFirst()
        : ValueMatcher.newBuilder()
            .setOrMatch(OrMatcher.newBuilder().addAllValueMatchers(each))
            .build();
  }

  private static ValueMatcher exactly(String client) {
    return ValueMatcher.newBuilder()
        .setStringMatch(StringMatcher.newBuilder().setExact(client))
        .build();
  }

  private static Principal anyOf(Principal... each) {
    var any = Principal.Set.newBuilder();
    for (var one : each) {
      any.addIds(one);
    }
    return Principal.newBuilder().setOrIds(any).build();
  }
}
