package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.in;
import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.JwksSpec;
import dev.portcullis.api.v1alpha1.JwtSpec;
import dev.portcullis.operator.intent.Headers;
import dev.portcullis.operator.intent.KeySource;
import dev.portcullis.operator.intent.TokenIssuer;
import dev.portcullis.operator.intent.TokenIssuer.TokenFate;
import dev.portcullis.operator.intent.VerificationKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One issuer of {@code spec.authentication.jwt}.
 *
 * @param namespace the policy's
 * @param published keys by where they were found
 */
record IssuerReader(
    String namespace, Headers headers, Map<KeySource, List<VerificationKey>> published) {

  private static final Pattern TEXT = Pattern.compile("[!-~]{1,256}");
  private static final Pattern CLAIM =
      Pattern.compile("[A-Za-z0-9_-]{1,64}([.][A-Za-z0-9_-]{1,64}){0,3}");
  private static final Duration LONGEST_LIFE = Duration.ofHours(24);

  TokenIssuer read(JwtSpec jwt, At at) {
    var issuer = or(jwt.issuer(), "");
    if (!TEXT.matcher(issuer).matches()) {
      at.field("issuer").invalid("Write what the claim iss is, without spaces.");
    }
    if (jwt.audiences().isEmpty()
        || !jwt.audiences().stream().allMatch(each -> TEXT.matcher(each).matches())) {
      at.field("audiences").invalid("Name at least one audience, without spaces.");
    }
    return new TokenIssuer(
        Names.read(jwt.name(), at.field("name")),
        issuer,
        jwt.audiences(),
        keys(jwt.jwks(), at.field("jwks")),
        lifetime(jwt, at.field("maximumLifetime")),
        forwardedClaims(jwt.forwardClaims(), at.field("forwardClaims")),
        or(jwt.forwardToken(), Defaults.FORWARD_TOKEN) ? TokenFate.FORWARDED : TokenFate.REMOVED);
  }

  static void requireClaimName(String claim, At at) {
    if (!CLAIM.matcher(claim).matches()) {
      at.invalid("Write letters, digits, '-' and '_', joined by dots, instead of '%s'.", claim);
    }
  }

  private List<VerificationKey> keys(JwksSpec jwks, At at) {
    if (in(jwks, JwksSpec::url) == null) {
      return given(or(in(jwks, JwksSpec::keys), List.of()), at.field("keys"));
    }
    if (!jwks.keys().isEmpty()) {
      at.invalid("Give either keys or url, not both.");
    }
    return KeyReference.source(jwks, namespace, at)
        .map(source -> published.getOrDefault(source, List.of()))
        .orElse(List.of());
  }

  private static List<VerificationKey> given(List<JwksSpec.Key> keys, At at) {
    if (keys.isEmpty()) {
      at.invalid("Give at least one key: without any no token can be checked.");
    }
    var result = new ArrayList<VerificationKey>();
    for (var index = 0; index < keys.size(); index++) {
      KeyReader.read(keys.get(index), at.item(index)).ifPresent(result::add);
    }
    return result;
  }

  private static Duration lifetime(JwtSpec jwt, At at) {
    var longest = Amounts.duration(at, or(jwt.maximumLifetime(), Defaults.TOKEN_LIFETIME));
    // Envoy counts whole seconds.
    if (longest.compareTo(LONGEST_LIFE) > 0 || longest.compareTo(Duration.ofSeconds(1)) < 0) {
      at.invalid("Choose a duration from 1s to 24h.");
    }
    return longest;
  }

  private Map<String, String> forwardedClaims(Map<String, String> claims, At at) {
    var result = new TreeMap<String, String>();
    claims.forEach(
        (claim, header) -> {
          requireClaimName(claim, at);
          var lower = or(header, "").toLowerCase(Locale.ROOT);
          HeaderNames.requireTold(lower, headers.request(), at);
          if (result.containsValue(lower)) {
            at.invalid("Tell one claim in header '%s', not two.", lower);
          }
          result.put(claim, lower);
        });
    return result;
  }
}
