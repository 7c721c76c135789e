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

/** Where clients' keys are kept, and how a request shows one. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(value = ListTypes.class, input = "secretRefs=name")
@ValidationRule(
    value =
        "!has(self.forwardClient) || self.forwardClient.lowerAscii() != self.header.lowerAscii()",
    fieldPath = ".forwardClient",
    message = "Choose another header than that of the key.")
public record ApiKeysSpec(
    @Required
        @Size(min = 1, max = 8)
        @JsonPropertyDescription(
            "The Secrets with the keys, in the policy's namespace: from 1 to 8. The operator must"
                + " be granted each by name. Each entry of a Secret is a client: its name is the"
                + " client's, its value are the client's keys, one on a line, at most 4. A key has"
                + " from 32 to 128 letters, digits and any of '-._~+/=', at least 8 of them"
                + " different. An edit counts within 10 seconds, from the next request on, and"
                + " cuts no connection. What cannot be used lets nobody in, and the condition"
                + " ResolvedRefs says why.")
        List<SecretRef> secretRefs,
    @Default(Defaults.API_KEY_HEADER)
        @Size(min = 1, max = Rules.HEADER_NAME_LENGTH)
        @ValidationRule(value = Rules.HEADER_NAMED, message = Rules.HEADERS_NAMED_TEXT)
        @ValidationRule(value = Rules.HEADER_KEPT, message = Rules.HEADER_KEPT_TEXT)
        @ValidationRule(value = Rules.NO_PROOF, message = Rules.NO_PROOF_TEXT)
        @JsonPropertyDescription(
            "The header that a request shows its key in, in any case, at most 128 characters; keys"
                + " elsewhere, as in the query, do not count. Default: x-api-key.")
        String header,
    @Size(min = 1, max = Rules.HEADER_NAME_LENGTH)
        @ValidationRule(value = Rules.HEADER_NAMED, message = Rules.HEADERS_NAMED_TEXT)
        @ValidationRule(value = Rules.HEADER_FREE, message = Rules.HEADERS_FREE_TEXT)
        @ValidationRule(value = Rules.NO_PROOF, message = Rules.NO_PROOF_TEXT)
        @JsonPropertyDescription(
            "The header that tells the application whose key it was, such as x-client. What a"
                + " client itself sends under this name is removed on every route. Default: none.")
        String forwardClient,
    @Default("" + Defaults.FORWARD_KEY)
        @JsonPropertyDescription(
            "Whether the application gets the key too, in its header. Default: false; it is"
                + " removed, on every route.")
        Boolean forwardKey) {

  /** A Secret of the policy's namespace. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record SecretRef(
      @Required
          @Size(min = 1, max = Rules.DNS_LENGTH)
          @ValidationRule(value = Rules.SUBDOMAIN, message = Rules.SECRET_TEXT)
          @JsonPropertyDescription("Name of the Secret.")
          String name) {}

  public ApiKeysSpec {
    secretRefs = Absent.toEmpty(secretRefs);
  }
}
