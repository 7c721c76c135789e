package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.in;
import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.AuthenticationSpec;
import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.JwtSpec;
import dev.portcullis.api.v1alpha1.RouteAuthenticationSpec;
import dev.portcullis.api.v1alpha1.RouteAuthenticationSpec.Require;
import dev.portcullis.operator.intent.Headers;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.TokenIssuer;
import dev.portcullis.operator.intent.TokenRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code spec.authentication}, and what routes ask of it. */
record TokenReader(List<TokenIssuer> issuers) {

  private static final Pattern VALUE = Pattern.compile("[ -~]{1,256}");
  private static final RouteAuthenticationSpec NOTHING_OF_ITS_OWN =
      new RouteAuthenticationSpec(null, List.of(), Map.of());

  static TokenReader read(AuthenticationSpec authentication, Headers headers, At at) {
    var result = new ArrayList<TokenIssuer>();
    List<JwtSpec> given = or(in(authentication, AuthenticationSpec::jwt), List.of());
    if (authentication != null && given.isEmpty()) {
      at.field("jwt").invalid("Name at least one issuer, or remove authentication.");
    }
    for (var index = 0; index < given.size(); index++) {
      var place = at.field("jwt").item(index);
      result.add(IssuerReader.read(given.get(index), headers, place));
    }
    Names.requireUnique(result.stream().map(TokenIssuer::name).toList(), at.field("jwt"));
    return new TokenReader(List.copyOf(result));
  }

  /** A policy that knows issuers asks for a token, unless the route says that it does not. */
  Optional<TokenRule> ruleOf(RouteAuthenticationSpec own, At at) {
    if (own != null && issuers.isEmpty()) {
      at.invalid("Name issuers under spec.authentication, or remove this.");
    }
    var asked = or(own, NOTHING_OF_ITS_OWN);
    return switch (or(asked.require(), Require.valueOf(Defaults.REQUIRE))) {
      case AnyOf -> issuers.isEmpty() ? Optional.empty() : Optional.of(rule(asked, at));
      case None -> {
        if (!asked.jwt().isEmpty() || !asked.claims().isEmpty()) {
          at.field("require").invalid("Remove jwt and claims, or require.");
        }
        yield Optional.empty();
      }
    };
  }

  /** An issuer that nobody asks for protects nothing, though it looks as if. */
  void requireAsked(List<Route> routes, At at) {
    issuers.stream()
        .filter(issuer -> routes.stream().noneMatch(route -> asksFor(issuer, route)))
        .forEach(issuer -> at.invalid("Name '%s' in a route, or remove it.", issuer.name()));
  }

  private static boolean asksFor(TokenIssuer issuer, Route route) {
    return route.token().filter(rule -> rule.issuers().contains(issuer)).isPresent();
  }

  private TokenRule rule(RouteAuthenticationSpec asked, At at) {
    for (var name : asked.jwt()) {
      if (issuers.stream().noneMatch(issuer -> issuer.name().equals(name))) {
        at.field("jwt").invalid("Name only issuers of spec.authentication: '%s' is none.", name);
      }
    }
    var counted =
        issuers.stream()
            .filter(issuer -> asked.jwt().isEmpty() || asked.jwt().contains(issuer.name()))
            .toList();
    asked.claims().forEach((claim, values) -> requireClaim(claim, values, at.field("claims")));
    return new TokenRule(counted, asked.claims());
  }

  private static void requireClaim(String claim, List<String> values, At at) {
    IssuerReader.requireClaimName(claim, at);
    if (values == null || values.isEmpty() || values.size() > 16) {
      at.invalid("Give claim '%s' from 1 to 16 values.", claim);
    } else if (!values.stream().allMatch(value -> VALUE.matcher(value).matches())) {
      at.invalid("Give claim '%s' values of printable ASCII characters.", claim);
    }
  }
}
