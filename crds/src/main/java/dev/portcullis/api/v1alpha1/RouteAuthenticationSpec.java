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
@SchemaCustomizer(value = ClaimValues.class, input = "jwt apiKeys")
@ValidationRule(
    value =
        "self.require != 'None' || ((!has(self.jwt) || size(self.jwt) == 0) && (!has(self.apiKeys)"
            + " || size(self.apiKeys) == 0) && (!has(self.claims) || size(self.claims) == 0))",
    fieldPath = ".require",
    message = "Remove jwt, apiKeys and claims, or require: with None nobody looks at them.")
@ValidationRule(
    value =
        "self.require != 'AllOf' || (has(self.jwt) && size(self.jwt) > 0) == (has(self.apiKeys) &&"
            + " size(self.apiKeys) > 0)",
    fieldPath = ".require",
    message = "Name both jwt and apiKeys with AllOf, or neither: it asks for a token and a key.")
@ValidationRule(
    value =
        "!has(self.claims) || size(self.claims) == 0 || !has(self.apiKeys) || size(self.apiKeys) =="
            + " 0 || (has(self.jwt) && size(self.jwt) > 0)",
    fieldPath = ".claims",
    message = "Name issuers under jwt, or remove claims: keys have none.")
public record RouteAuthenticationSpec(
    @Default(Defaults.REQUIRE)
        @JsonPropertyDescription(
            "AnyOf for a token of any issuer under jwt or a key of any client under apiKeys; where"
                + " a request has both, both must be valid. AllOf for a token and a key. None for"
                + " neither: then the caller's certificate alone decides, and a header"
                + " Authorization passes to the application as it is. Default: AnyOf.")
        Require require,
    @Size(max = 8)
        @JsonPropertyDescription(
            "Names of the issuers whose tokens count here, from spec.authentication.jwt. Default:"
                + " all of them, or none where apiKeys are named.")
        List<@Size(max = Rules.NAME_LENGTH) String> jwt,
    @Size(max = 32)
        @ValidationRule(value = Rules.CLIENTS_NAMED, message = Rules.CLIENTS_NAMED_TEXT)
        @ValidationRule(
            value = "!self.exists(c, c == '*') || size(self) == 1",
            message = "Write '*' alone, or the clients.")
        @JsonPropertyDescription(
            "Names of the clients whose keys count here, as the Secrets of"
                + " spec.authentication.apiKeys have them, at most 32; or '*' for all of them."
                + " Other clients are answered with 403. Default: all of them, or none where jwt is"
                + " named.")
        List<@Size(max = Rules.NAME_LENGTH) String> apiKeys,
    @Size(max = 8)
        @ValidationRule(value = Rules.CLAIMS_NAMED, message = Rules.CLAIMS_NAMED_TEXT)
        @JsonPropertyDescription(
            "Claims that a token must have, each with one of the values given, such as {scope:"
                + " [orders.read]}: at most 8 claims with 16 values each. A claim that is a list"
                + " has them all; so have scope and scp, which part their values by spaces. Values"
                + " are compared as a whole, letter by letter; true and false match booleans too,"
                + " and nothing matches a number. A dot leads into a claim: realm.role is role of"
                + " realm. Otherwise the request is answered with 403.")
        Map<String, List<String>> claims) {

  /** Which proofs are asked for. */
  public enum Require {
    AnyOf,
    AllOf,
    None
  }

  public RouteAuthenticationSpec {
    jwt = Absent.toEmpty(jwt);
    apiKeys = Absent.toEmpty(apiKeys);
    claims = Absent.toEmpty(claims);
  }
}
