package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.TokenIssuer;
import dev.portcullis.operator.intent.TokenIssuer.TokenFate;
import dev.portcullis.operator.intent.TokenRule;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.rbac.v3.SourcedMetadata;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.type.matcher.v3.DoubleMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ListMatcher;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher.PathSegment;
import io.envoyproxy.envoy.type.matcher.v3.OrMatcher;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Who has a checked token of an issuer that says what it must. */
final class TokenClaims {

  /** The filter's own name for what it leaves behind, wherever it runs. */
  private static final String CHECKED = "envoy.filters.http.jwt_authn";

  /** Where it leaves why the last token was none, if it is told to; no issuer has this name. */
  static final String FAILURE = "portcullis:failure";

  private static final ValueMatcher PRESENT =
      ValueMatcher.newBuilder().setPresentMatch(true).build();

  /** Envoy's code for it. */
  private static final ValueMatcher MISSING =
      ValueMatcher.newBuilder().setDoubleMatch(DoubleMatcher.newBuilder().setExact(1)).build();

  private static final String ONE_TOKEN = "Bearer [A-Za-z0-9_-]+[.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]+";

  private static final Map<String, ValueMatcher> BOOLEANS =
      Map.of(
          "true", ValueMatcher.newBuilder().setBoolMatch(true).build(),
          "false", ValueMatcher.newBuilder().setBoolMatch(false).build());

  static Principal of(TokenIssuer issuer, Map<String, List<String>> claims) {
    var all = Principal.Set.newBuilder().addIds(claim(issuer, "iss", exactly(issuer.issuer())));
    if (issuer.fate() == TokenFate.FORWARDED) {
      // Beside a token that was checked, the application must not find one that was not.
      all.addIds(oneToken());
    }
    claims.forEach(
        (name, values) -> {
          var any = OrMatcher.newBuilder();
          values.forEach(value -> any.addAllValueMatchers(saying(value)));
          all.addIds(claim(issuer, name, ValueMatcher.newBuilder().setOrMatch(any).build()));
        });
    return Principal.newBuilder().setAndIds(all).build();
  }

  /** Who shows a good token, or none at all, which is a failure of its own to Envoy. */
  static Principal notFailing(TokenRule rule) {
    var any =
        Principal.Set.newBuilder()
            .addIds(Principal.newBuilder().setNotId(failure(PRESENT)))
            .addIds(failure(MISSING));
    rule.issuers().forEach(issuer -> any.addIds(of(issuer, Map.of())));
    return Principal.newBuilder().setOrIds(any).build();
  }

  private static Principal failure(ValueMatcher code) {
    return about(List.of(FAILURE, "code"), code);
  }

  private static Principal claim(TokenIssuer issuer, String name, ValueMatcher value) {
    return about(
        Stream.concat(Stream.of(issuer.name()), Stream.of(name.split("[.]"))).toList(), value);
  }

  private static Principal about(List<String> path, ValueMatcher value) {
    var left = MetadataMatcher.newBuilder().setFilter(CHECKED).setValue(value);
    path.forEach(step -> left.addPath(PathSegment.newBuilder().setKey(step)));
    return Principal.newBuilder()
        .setSourcedMetadata(SourcedMetadata.newBuilder().setMetadataMatcher(left))
        .build();
  }

  /** As a text, as one of a list, as a boolean. */
  private static List<ValueMatcher> saying(String value) {
    var inList =
        ValueMatcher.newBuilder()
            .setListMatch(ListMatcher.newBuilder().setOneOf(exactly(value)))
            .build();
    return BOOLEANS.containsKey(value)
        ? List.of(exactly(value), inList, BOOLEANS.get(value))
        : List.of(exactly(value), inList);
  }

  private static ValueMatcher exactly(String value) {
    return ValueMatcher.newBuilder()
        .setStringMatch(StringMatcher.newBuilder().setExact(value))
        .build();
  }

  private static Principal oneToken() {
    return Principal.newBuilder()
        .setHeader(
            HeaderMatcher.newBuilder()
                .setName(TokenProvider.HEADER)
                .setStringMatch(
                    StringMatcher.newBuilder()
                        .setSafeRegex(RegexMatcher.newBuilder().setRegex(ONE_TOKEN))))
        .build();
  }

  private TokenClaims() {}
}
