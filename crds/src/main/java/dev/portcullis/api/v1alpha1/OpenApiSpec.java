package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Where the document is that routes are derived from, and how it is read. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record OpenApiSpec(
    @Required
        @JsonPropertyDescription(
            "The ConfigMap of the policy's namespace that holds the document. The operator must be"
                + " granted it, by name. An edit of it counts at once and cuts no connection; a"
                + " document that cannot be read leaves the last good configuration in force.")
        ConfigMapRef configMapRef,
    @Size(max = Rules.PATH_LENGTH)
        @ValidationRule(value = Rules.PLAIN_PATH, message = Rules.PLAIN_PATH_TEXT)
        @ValidationRule(
            value = "self == '/' || !self.endsWith('/')",
            message = "Remove the trailing '/': the paths of the document begin with one.")
        @JsonPropertyDescription(
            "What stands before every path of the document, as the application sees it, such as"
                + " /api/v1; '/' for nothing. Default: the path of the URLs under servers, which"
                + " must be the same for all of them.")
        String basePath) {

  /** One key of a ConfigMap. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record ConfigMapRef(
      @Required
          @Size(min = 1, max = 253)
          @ValidationRule(
              value = "self.matches('^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$')",
              message = "Write the name of a ConfigMap.")
          @JsonPropertyDescription("Name of the ConfigMap.")
          String name,
      @Default(Defaults.OPENAPI_KEY)
          @Size(min = 1, max = 253)
          @ValidationRule(
              value = "self.matches('^[-._a-zA-Z0-9]+$')",
              message = "Write a key of the ConfigMap: letters, digits, '-', '_' and '.'.")
          @JsonPropertyDescription(
              "The key under data that holds the document, as YAML or JSON. Default:"
                  + " openapi.yaml.")
          String key) {}
}
