package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.in;
import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.AuthenticationSpec;
import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.JwtSpec;
import dev.portcullis.api.v1alpha1.RouteAuthenticationSpec;
import dev.portcullis.api.v1alpha1.RouteAuthenticationSpec.Require;
import dev.portcullis.operator.intent.ApiKeys;
import dev.portcullis.operator.intent.KeyRule;
import dev.portcullis.operator.intent.Proof;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.TokenIssuer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code spec.authentication}, and what routes ask of it. */
record ProofReader(TokenReader tokens, Optional<ApiKeys> keys) {

  private static final String ALL_CLIENTS = "*";
  private static final RouteAuthenticationSpec NOTHING_OF_ITS_OWN =
      new RouteAuthenticationSpec(null, List.of(), List.of(), Map.of());

  static ProofReader read(
      AuthenticationSpec authentication, ApiKeyReader keyReader, IssuerReader issuerReader, At at) {
    List<JwtSpec> jwt = or(in(authentication, AuthenticationSpec::jwt), List.of());
    var apiKeys = Optional.ofNullable(in(authentication, AuthenticationSpec::apiKeys));
    if (authentication != null && jwt.isEmpty() && apiKeys.isEmpty()) {
      at.invalid("Name issuers under jwt or Secrets under apiKeys, or remove this.");
    }
    var tokens = TokenReader.read(jwt, issuerReader, at.field("jwt"));
    var keys = apiKeys.map(spec -> keyReader.read(spec, at.field("apiKeys")));
    keys.ifPresent(each -> requireHeadersApart(tokens, each, at.field("apiKeys")));
    return new ProofReader(tokens, keys);
  }

  /** A policy that knows issuers or keys asks for one, unless the route says that it does not. */
  Proof proofOf(RouteAuthenticationSpec own, At at) {
    if (own != null && tokens.issuers().isEmpty() && keys.isEmpty()) {
      at.invalid("Name issuers or keys under spec.authentication, or remove this.");
    }
    var asked = or(own, NOTHING_OF_ITS_OWN);
    requireKnown(asked, at);
    return switch (or(asked.require(), Require.valueOf(Defaults.REQUIRE))) {
      case AnyOf -> anyOf(asked, at);
      case AllOf -> allOf(asked, at);
      case None -> {
        if (!asked.jwt().isEmpty() || !asked.apiKeys().isEmpty() || !asked.claims().isEmpty()) {
          at.field("require").invalid("Remove jwt, apiKeys and claims, or require.");
        }
        yield new Proof.Nothing();
      }
    };
  }

  /** What nobody asks for protects nothing, though it looks as if. */
  void requireAsked(List<Route> routes, At at) {
    tokens.issuers().stream()
        .filter(issuer -> routes.stream().noneMatch(route -> asksFor(issuer, route)))
        .forEach(issuer -> at.invalid("Name '%s' in a route, or remove it.", issuer.name()));
    if (keys.isPresent() && routes.stream().allMatch(r -> r.proof().keyRule().isEmpty())) {
      at.field("apiKeys").invalid("Name clients in a route, or remove this.");
    }
  }

  private static boolean asksFor(TokenIssuer issuer, Route route) {
    return route.proof().tokenRule().filter(rule -> rule.issuers().contains(issuer)).isPresent();
  }

  private void requireKnown(RouteAuthenticationSpec asked, At at) {
    if (!asked.apiKeys().isEmpty() && keys.isEmpty()) {
      at.field("apiKeys").invalid("Name their Secrets under spec.authentication.apiKeys.");
    }
    if (asked.apiKeys().contains(ALL_CLIENTS) && asked.apiKeys().size() > 1) {
      at.field("apiKeys").invalid("Write '*' alone, or the clients.");
    }
    if (!asked.claims().isEmpty() && asked.jwt().isEmpty() && !asked.apiKeys().isEmpty()) {
      at.field("claims").invalid("Name issuers under jwt, or remove claims: keys have none.");
    }
  }

  /** Of what is named, or of all. */
  private Proof anyOf(RouteAuthenticationSpec asked, At at) {
    var all = asked.jwt().isEmpty() && asked.apiKeys().isEmpty();
    var tokensCount = !asked.jwt().isEmpty() || (all && !tokens.issuers().isEmpty());
    var keysCount = keys.isPresent() && (!asked.apiKeys().isEmpty() || all);
    if (tokensCount) {
      var token = tokens.ruleOf(asked, at);
      return keysCount ? new Proof.Either(token, keyRule(asked)) : new Proof.OfToken(token);
    }
    return keysCount ? new Proof.OfKey(keyRule(asked)) : new Proof.Nothing();
  }

  private Proof allOf(RouteAuthenticationSpec asked, At at) {
    if (tokens.issuers().isEmpty() || keys.isEmpty()) {
      at.field("require").invalid("Give spec.authentication both jwt and apiKeys.");
      return new Proof.Nothing();
    }
    if (asked.jwt().isEmpty() != asked.apiKeys().isEmpty()) {
      at.field("require").invalid("Name both jwt and apiKeys with AllOf, or neither.");
    }
    return new Proof.Both(tokens.ruleOf(asked, at), keyRule(asked));
  }

  private KeyRule keyRule(RouteAuthenticationSpec asked) {
    return new KeyRule(
        keys.orElseThrow(),
        asked.apiKeys().contains(ALL_CLIENTS)
            ? List.of()
            : asked.apiKeys().stream().sorted().toList());
  }

  private static void requireHeadersApart(TokenReader tokens, ApiKeys keys, At at) {
    var told =
        tokens.issuers().stream()
            .flatMap(issuer -> issuer.forwardedClaims().values().stream())
            .toList();
    Stream.concat(Stream.of(keys.header()), keys.clientHeader().stream())
        .filter(told::contains)
        .forEach(name -> at.invalid("Choose another header than '%s', which tells a claim.", name));
  }
}
