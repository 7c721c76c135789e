package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/** An issuer of tokens: what its tokens must say, and what the application hears of them. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(value = ListTypes.class, input = "audiences")
public record JwtSpec(
    @Required
        @Size(min = 1, max = Rules.NAME_LENGTH)
        @ValidationRule(value = Rules.NAME, message = Rules.NAME_TEXT)
        @JsonPropertyDescription(
            "Name of the issuer, unique in the policy, at most 63 characters. Routes name it.")
        String name,
    @Required
        @Size(min = 1, max = Rules.ISSUER_LENGTH)
        @ValidationRule(value = Rules.PRINTABLE, message = Rules.PRINTABLE_TEXT)
        @JsonPropertyDescription(
            "What the claim iss must be, letter by letter, such as https://login.example.com; at"
                + " most 256 characters.")
        String issuer,
    @Required
        @Size(min = 1, max = 8)
        @ValidationRule(
            value = "self.all(a, a.matches('^[!-~]{1,256}$'))",
            message = Rules.PRINTABLE_TEXT)
        @JsonPropertyDescription(
            "Whom tokens may be for: the claim aud must name one of these, letter by letter. From 1"
                + " to 8. A token for somebody else is no token for this backend.")
        List<@Size(max = Rules.ISSUER_LENGTH) String> audiences,
    @Required @JsonPropertyDescription("The public keys that the issuer signs with.") JwksSpec jwks,
    @Default(Defaults.TOKEN_LIFETIME)
        @Size(max = Rules.DURATION_LENGTH)
        @ValidationRule(value = Rules.FROM_1S_TO_24H, message = Rules.FROM_1S_TO_24H_TEXT)
        @JsonPropertyDescription(
            "How long a token may live, from iat to exp, from 1s to 24h; without iat, from now. A"
                + " token without exp is refused. The clocks may differ by 60 seconds. Default:"
                + " 24h.")
        String maximumLifetime,
    @Size(max = 16)
        @ValidationRule(value = Rules.CLAIMS_NAMED, message = Rules.CLAIMS_NAMED_TEXT)
        @ValidationRule(
            value = "self.all(c, self[c].matches('^[A-Za-z0-9][A-Za-z0-9-]{0,127}$'))",
            message = Rules.HEADERS_NAMED_TEXT)
        @ValidationRule(
            value = "!self.exists(c, self[c].matches('(?i)^(" + Rules.GATE_HEADERS + ")$'))",
            message = Rules.HEADERS_FREE_TEXT)
        @ValidationRule(
            value = "!self.exists(c, self[c].matches('(?i)^(authorization|cookie)$'))",
            message = "Leave authorization and cookie alone: applications take them for proofs.")
        @JsonPropertyDescription(
            "Claims that the application is told, each in the header named here: at most 16, such"
                + " as {sub: x-user}. A dot leads into a claim: realm.id is id of realm. Strings,"
                + " numbers and booleans are told as text, lists and objects as JSON in base64url."
                + " What a client itself sends under these names is removed on every route.")
        Map<String, @Size(max = Rules.HEADER_NAME_LENGTH) String> forwardClaims,
    @Default("" + Defaults.FORWARD_TOKEN)
        @JsonPropertyDescription(
            "Whether the application gets the token too, in the header Authorization. Default:"
                + " false; it is removed.")
        Boolean forwardToken) {

  public JwtSpec {
    audiences = Absent.toEmpty(audiences);
    forwardClaims = Absent.toEmpty(forwardClaims);
  }
}
