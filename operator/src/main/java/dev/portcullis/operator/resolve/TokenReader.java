package dev.portcullis.operator.resolve;

import dev.portcullis.api.v1alpha1.JwtSpec;
import dev.portcullis.api.v1alpha1.RouteAuthenticationSpec;
import dev.portcullis.operator.intent.TokenIssuer;
import dev.portcullis.operator.intent.TokenRule;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** {@code spec.authentication.jwt}, and what routes ask of it. */
record TokenReader(List<TokenIssuer> issuers) {

  private static final Pattern VALUE = Pattern.compile("[ -~]{1,256}");

  static TokenReader read(List<JwtSpec> given, IssuerReader reader, At at) {
    var result = new ArrayList<TokenIssuer>();
    for (var index = 0; index < given.size(); index++) {
      result.add(reader.read(given.get(index), at.item(index)));
    }
    Names.requireUnique(result.stream().map(TokenIssuer::name).toList(), at);
    return new TokenReader(List.copyOf(result));
  }

  /** What the route names, or all. */
  TokenRule ruleOf(RouteAuthenticationSpec asked, At at) {
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
