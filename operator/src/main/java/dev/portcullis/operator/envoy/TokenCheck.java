package dev.portcullis.operator.envoy;

import com.github.xds.type.matcher.v3.Matcher;
import com.github.xds.type.matcher.v3.Matcher.OnMatch;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.TokenIssuer;
import dev.portcullis.operator.intent.TokenRule;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcher;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcherPerRoute;
import io.envoyproxy.envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue;
import io.envoyproxy.envoy.extensions.filters.http.composite.v3.Composite;
import io.envoyproxy.envoy.extensions.filters.http.composite.v3.ExecuteFilterAction;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.FilterStateRule;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtRequirement;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtRequirementOrList;
import io.envoyproxy.envoy.extensions.filters.http.set_filter_state.v3.Config;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Checks the tokens that routes ask for.
 *
 * <p>Envoy takes issuers and keys as settings of the filter, so a new key would be another listener
 * and drain its connections. Hence the chain holds a filter that runs another one: which, the
 * virtual host says, once for all routes. A route says only whose tokens it asks for, in a state of
 * the request that no client reaches.
 */
final class TokenCheck implements Feature {

  private static final String ASKED = "portcullis.token_issuers";

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    // With neither of the two set by host and route, they do nothing, and TokenRbac refuses.
    var runsAnother =
        ExtensionWithMatcher.newBuilder()
            .setExtensionConfig(Packed.extension("composite", Composite.getDefaultInstance()))
            .setXdsMatcher(Matcher.getDefaultInstance())
            .build();
    http.addHttpFilters(Packed.filter(FilterNames.TOKEN_ISSUERS, Config.getDefaultInstance()))
        .addHttpFilters(Packed.filter(FilterNames.TOKEN_CHECK, runsAnother));
  }

  @Override
  public void onHost(BackendIntent intent, VirtualHost.Builder host) {
    if (!intent.tokenIssuers().isEmpty()) {
      host.putTypedPerFilterConfig(FilterNames.TOKEN_CHECK, Packed.any(running(check(intent))));
    }
  }

  @Override
  public void onRoute(BackendIntent intent, Endpoint endpoint, Route.Builder route) {
    ruleOf(endpoint)
        .ifPresent(
            rule ->
                route.putTypedPerFilterConfig(
                    FilterNames.TOKEN_ISSUERS, Packed.any(asking(nameOf(rule)))));
  }

  static Optional<TokenRule> ruleOf(Endpoint endpoint) {
    return endpoint instanceof Endpoint.Known(var known) ? known.token() : Optional.empty();
  }

  private static ExtensionWithMatcherPerRoute running(JwtAuthentication check) {
    var action =
        ExecuteFilterAction.newBuilder()
            .setTypedConfig(Packed.extension("envoy.filters.http.jwt_authn", check))
            .build();
    return ExtensionWithMatcherPerRoute.newBuilder()
        .setXdsMatcher(
            Matcher.newBuilder()
                .setOnNoMatch(OnMatch.newBuilder().setAction(Packed.xdsExtension("check", action))))
        .build();
  }

  private static JwtAuthentication check(BackendIntent intent) {
    var check = JwtAuthentication.newBuilder();
    intent
        .tokenIssuers()
        .forEach(issuer -> check.putProviders(issuer.name(), TokenProvider.of(issuer)));
    var asked = FilterStateRule.newBuilder().setName(ASKED);
    intent.routes().stream()
        .flatMap(route -> route.token().stream())
        .forEach(rule -> asked.putRequires(nameOf(rule), anyOf(rule.issuers())));
    return check.setFilterStateRules(asked).build();
  }

  private static String nameOf(TokenRule rule) {
    return rule.issuers().stream().map(TokenIssuer::name).collect(Collectors.joining(","));
  }

  private static JwtRequirement anyOf(List<TokenIssuer> issuers) {
    var each = issuers.stream().map(TokenCheck::of).toList();
    return each.size() == 1
        ? each.getFirst()
        : JwtRequirement.newBuilder()
            .setRequiresAny(JwtRequirementOrList.newBuilder().addAllRequirements(each))
            .build();
  }

  private static JwtRequirement of(TokenIssuer issuer) {
    return JwtRequirement.newBuilder().setProviderName(issuer.name()).build();
  }

  private static Config asking(String issuers) {
    return Config.newBuilder()
        .addOnRequestHeaders(
            FilterStateValue.newBuilder()
                .setObjectKey(ASKED)
                .setFactoryKey("envoy.string")
                .setFormatString(
                    SubstitutionFormatString.newBuilder()
                        .setTextFormatSource(
                            DataSource.newBuilder().setInlineString(FormatText.literal(issuers)))))
        .build();
  }
}
