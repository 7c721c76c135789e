package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** What requests must prove beyond the caller's certificate. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(value = ListTypes.class, input = "jwt=name")
public record AuthenticationSpec(
    @Required
        @Size(min = 1, max = 8)
        @JsonPropertyDescription(
            "Issuers of JSON Web Tokens: from 1 to 8, each with a name of its own. Every route asks"
                + " for a token of one of them, unless its own authentication says otherwise; each"
                + " of them must be asked for by a route. Tokens come in the header Authorization,"
                + " after 'Bearer '. Without a valid token a request is answered with 401, with a"
                + " token for another audience with 403.")
        List<JwtSpec> jwt) {

  public AuthenticationSpec {
    jwt = Absent.toEmpty(jwt);
  }
}
