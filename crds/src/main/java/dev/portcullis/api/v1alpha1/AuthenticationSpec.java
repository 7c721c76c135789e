package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What requests must prove beyond the caller's certificate. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(value = ListTypes.class, input = "jwt=name")
@ValidationRule(
    value = "has(self.jwt) || has(self.apiKeys)",
    message = "Name issuers under jwt or Secrets under apiKeys, or remove authentication.")
public record AuthenticationSpec(
    @Size(min = 1, max = 8)
        @JsonPropertyDescription(
            "Issuers of JSON Web Tokens: from 1 to 8, each with a name of its own. Every route asks"
                + " for a token of one of them, or for a key where there are apiKeys, unless its"
                + " own authentication says otherwise; each of them must be asked for by a route."
                + " Tokens come in the header Authorization, after 'Bearer '. Without a valid token"
                + " a request is answered with 401, with a token for another audience with 403.")
        List<JwtSpec> jwt,
    @JsonPropertyDescription(
            "Keys of clients. Every route asks for one of them, or for a token where there is jwt,"
                + " unless its own authentication says otherwise; some route must ask for them."
                + " Without a key, with two of them or with an unknown one a request is answered"
                + " with 401, with a key of a client who is none of the route's with 403. The proxy"
                + " is told digests of the keys only.")
        ApiKeysSpec apiKeys) {

  public AuthenticationSpec {
    jwt = Absent.toEmpty(jwt);
  }
}
