package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/** What requests of one route must prove beyond the caller's certificate. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(value = ClaimValues.class, input = "jwt")
@ValidationRule(
    value =
        "self.require != 'None' || ((!has(self.jwt) || size(self.jwt) == 0) && (!has(self.claims)"
            + " || size(self.claims) == 0))",
    fieldPath = ".require",
    message = "Remove jwt and claims, or require: with None nobody looks at a token.")
public record RouteAuthenticationSpec(
    @Default(Defaults.REQUIRE)
        @JsonPropertyDescription(
            "AnyOf for a token of any issuer under jwt, or None for no token at all: then the"
                + " caller's certificate alone decides, and a header Authorization passes to the"
                + " application as it is. Default: AnyOf.")
        Require require,
    @Size(max = 8)
        @JsonPropertyDescription(
            "Names of the issuers whose tokens count here, from spec.authentication.jwt. Default:"
                + " all of them.")
        List<@Size(max = Rules.NAME_LENGTH) String> jwt,
    @Size(max = 8)
        @ValidationRule(value = Rules.CLAIMS_NAMED, message = Rules.CLAIMS_NAMED_TEXT)
        @JsonPropertyDescription(
            "Claims that the token must have, each with one of the values given, such as {scope:"
                + " [orders.read]}: at most 8 claims with 16 values each. A claim that is a list"
                + " has them all; so have scope and scp, which part their values by spaces. Values"
                + " are compared as a whole, letter by letter; true and false match booleans too,"
                + " and nothing matches a number. A dot leads into a claim: realm.role is role of"
                + " realm. Otherwise the request is answered with 403.")
        Map<String, List<String>> claims) {

  /** Which proofs are asked for. */
  public enum Require {
    AnyOf,
    None
  }

  public RouteAuthenticationSpec {
    jwt = Absent.toEmpty(jwt);
    claims = Absent.toEmpty(claims);
  }
}
