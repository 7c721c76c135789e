package dev.portcullis.operator.envoy;

import com.github.xds.type.matcher.v3.Matcher;
import com.github.xds.type.matcher.v3.Matcher.OnMatch;
import com.google.protobuf.Empty;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Proof;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks the tokens that routes ask for.
 *
 * <p>Envoy takes issuers and keys as settings of the filter, so a new key would be another listener
 * and drain its connections. Hence the chain holds a filter that runs another one: which, the
 * virtual host says, once for all routes. A route says only whose tokens it asks for, in a state of
 * the request that no client reaches.
 */
final class TokenCheck implements Feature {

  private static final String SHADOW = ":shadow";

  private static final String ASKED = "portcullis.token_issuers";

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    // With neither of the two set by host and route, they do nothing, and ProofRbac refuses.
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
    if (endpoint.isShadowedIn(intent)) {
      proofOf(endpoint)
          .tokenRule()
          .ifPresent(rule -> ask(FormatText.literal(nameOf(rule) + SHADOW), route));
      return;
    }
    switch (proofOf(endpoint)) {
      case Proof.Nothing() -> {}
      case Proof.OfToken(var rule) -> ask(FormatText.literal(nameOf(rule)), route);
      case Proof.OfKey(_) -> {}
      // Whether there was a key, only its check knows.
      case Proof.Either(var rule, _) ->
          ask(FormatText.literal(nameOf(rule) + ":") + ApiKeyCheck.TOKEN, route);
      case Proof.Both(var rule, _) -> ask(FormatText.literal(nameOf(rule)), route);
    }
  }

  static Proof proofOf(Endpoint endpoint) {
    return endpoint instanceof Endpoint.Known(var known) ? known.proof() : new Proof.Nothing();
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
        .forEach(
            issuer ->
                check.putProviders(
                    issuer.name(),
                    TokenProvider.of(issuer).toBuilder()
                        .addAllClaimToHeaders(CountedClaims.toHeaders(intent))
                        .setFailedStatusInMetadata(failureOf(intent))
                        .build()));
    var asked = FilterStateRule.newBuilder().setName(ASKED);
    for (var route : intent.routes()) {
      if (intent.isShadowed(route)) {
        route.proof().tokenRule().ifPresent(rule -> addShadowed(rule, asked));
      } else {
        addRequirements(route.proof(), asked);
      }
    }
    return check.setFilterStateRules(asked).build();
  }

  /** Where a token is asked for or shown, and none is good, ProofRbac leaves a mark. */
  private static void addShadowed(TokenRule rule, FilterStateRule.Builder asked) {
    var orAny =
        JwtRequirement.newBuilder().setAllowMissingOrFailed(Empty.getDefaultInstance()).build();
    asked.putRequires(
        nameOf(rule) + SHADOW,
        anyOf(Stream.concat(each(rule).stream(), Stream.of(orAny)).toList()));
  }

  private static String failureOf(BackendIntent intent) {
    return intent.shadow().isPresent() ? TokenClaims.FAILURE : "";
  }

  private static void addRequirements(Proof proof, FilterStateRule.Builder asked) {
    switch (proof) {
      case Proof.Nothing() -> {}
      case Proof.OfToken(var rule) -> asked.putRequires(nameOf(rule), anyOf(each(rule)));
      case Proof.OfKey(_) -> {}
      case Proof.Either(var rule, _) -> {
        asked.putRequires(nameOf(rule) + ":required", anyOf(each(rule)));
        var orNone =
            JwtRequirement.newBuilder().setAllowMissing(Empty.getDefaultInstance()).build();
        asked.putRequires(
            nameOf(rule) + ":optional",
            anyOf(Stream.concat(each(rule).stream(), Stream.of(orNone)).toList()));
      }
      case Proof.Both(var rule, _) -> asked.putRequires(nameOf(rule), anyOf(each(rule)));
    }
  }

  private static String nameOf(TokenRule rule) {
    return rule.issuers().stream().map(TokenIssuer::name).collect(Collectors.joining(","));
  }

  private static List<JwtRequirement> each(TokenRule rule) {
    return rule.issuers().stream().map(TokenCheck::of).toList();
  }

  private static JwtRequirement anyOf(List<JwtRequirement> each) {
    return each.size() == 1
        ? each.getFirst()
        : JwtRequirement.newBuilder()
            .setRequiresAny(JwtRequirementOrList.newBuilder().addAllRequirements(each))
            .build();
  }

  private static JwtRequirement of(TokenIssuer issuer) {
    return JwtRequirement.newBuilder().setProviderName(issuer.name()).build();
  }

  private static void ask(String format, Route.Builder route) {
    var asked =
        Config.newBuilder()
            .addOnRequestHeaders(
                FilterStateValue.newBuilder()
                    .setObjectKey(ASKED)
                    .setFactoryKey("envoy.string")
                    .setFormatString(
                        SubstitutionFormatString.newBuilder()
                            .setTextFormatSource(DataSource.newBuilder().setInlineString(format))))
            .build();
    route.putTypedPerFilterConfig(FilterNames.TOKEN_ISSUERS, Packed.any(asked));
  }
}
