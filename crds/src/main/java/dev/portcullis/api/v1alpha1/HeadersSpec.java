package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/**
 * Rules for headers: removed first, then set, then added. The component of {@code set} has another
 * name because the CRD generator takes an accessor of that name for a setter.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record HeadersSpec(
    @JsonPropertyDescription("Rules for requests on their way to the application.") Request request,
    @Default("{}")
        @JsonPropertyDescription(
            "Rules for every response, the sidecar's own refusals and errors included.")
        Response response) {

  private static final String REMOVED = "Headers to remove, whatever their values: at most 32.";
  private static final String SET =
      "Headers to set, by name: at most 32. A header of that name is overwritten. Values are printable"
          + " ASCII, taken as they are, at most 2048 characters.";
  private static final String ADDED =
      "Headers to add, by name, beside those of the same name: at most 32. Values are printable"
          + " ASCII, taken as they are, at most 2048 characters.";

  /** Rules for the request on its way to the application. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @SchemaCustomizer(value = ListTypes.class, input = "remove")
  public record Request(
      @Size(max = Rules.HEADERS)
          @ValidationRule(value = Rules.HEADERS_NAMED, message = Rules.HEADERS_NAMED_TEXT)
          @ValidationRule(value = Rules.HEADERS_FREE, message = Rules.HEADERS_FREE_TEXT)
          @JsonPropertyDescription(REMOVED)
          List<@Size(max = Rules.HEADER_NAME_LENGTH) String> remove,
      @Size(max = Rules.HEADERS)
          @ValidationRule(value = Rules.HEADERS_NAMED, message = Rules.HEADERS_NAMED_TEXT)
          @ValidationRule(value = Rules.HEADERS_FREE, message = Rules.HEADERS_FREE_TEXT)
          @ValidationRule(value = Rules.VALUES_PRINTABLE, message = Rules.VALUES_PRINTABLE_TEXT)
          @JsonProperty("set")
          @JsonPropertyDescription(SET)
          Map<String, @Size(max = Rules.HEADER_VALUE_LENGTH) String> assign,
      @Size(max = Rules.HEADERS)
          @ValidationRule(value = Rules.HEADERS_NAMED, message = Rules.HEADERS_NAMED_TEXT)
          @ValidationRule(value = Rules.HEADERS_FREE, message = Rules.HEADERS_FREE_TEXT)
          @ValidationRule(value = Rules.VALUES_PRINTABLE, message = Rules.VALUES_PRINTABLE_TEXT)
          @JsonPropertyDescription(ADDED)
          Map<String, @Size(max = Rules.HEADER_VALUE_LENGTH) String> add) {
    public Request {
      remove = Absent.toEmpty(remove);
      assign = Absent.toEmpty(assign);
      add = Absent.toEmpty(add);
    }
  }

  /** Rules for every response, the gate's own replies included. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @SchemaCustomizer(value = ListTypes.class, input = "remove")
  @ValidationRule(
      value =
          "!self.hardened || ((!has(self.set) || !self.set.exists(n,"
              + " n.matches('(?i)^(server|x-powered-by)$'))) && (!has(self.add) ||"
              + " !self.add.exists(n, n.matches('(?i)^(server|x-powered-by)$'))))",
      message =
          "Do not set or add Server or X-Powered-By: 'hardened' strips them. Set hardened: false to"
              + " send them.")
  @ValidationRule(
      value =
          "!self.hardened || ((!has(self.remove) || !self.remove.exists(n,"
              + " n.matches('(?i)^(x-frame-options|x-content-type-options|content-security-policy"
              + "|strict-transport-security)$'))) && (!has(self.add) || !self.add.exists(n,"
              + " n.matches('(?i)^(x-frame-options|x-content-type-options|content-security-policy"
              + "|strict-transport-security)$'))))",
      message =
          "Give X-Frame-Options, X-Content-Type-Options, Content-Security-Policy and"
              + " Strict-Transport-Security another value under 'set' only: 'hardened' sets them."
              + " Set hardened: false to go without.")
  public record Response(
      @Default("" + Defaults.HARDENED)
          @JsonPropertyDescription(
              "Whether responses are hardened: Server and X-Powered-By are removed;"
                  + " X-Frame-Options: DENY, X-Content-Type-Options: nosniff,"
                  + " Content-Security-Policy: default-src 'self' and Strict-Transport-Security are"
                  + " set, each unless 'set' gives another value. Default: true.")
          Boolean hardened,
      @Size(max = Rules.HEADERS)
          @ValidationRule(value = Rules.HEADERS_NAMED, message = Rules.HEADERS_NAMED_TEXT)
          @ValidationRule(value = Rules.HEADERS_FREE, message = Rules.HEADERS_FREE_TEXT)
          @JsonPropertyDescription(REMOVED)
          List<@Size(max = Rules.HEADER_NAME_LENGTH) String> remove,
      @Size(max = Rules.HEADERS)
          @ValidationRule(value = Rules.HEADERS_NAMED, message = Rules.HEADERS_NAMED_TEXT)
          @ValidationRule(value = Rules.HEADERS_FREE, message = Rules.HEADERS_FREE_TEXT)
          @ValidationRule(value = Rules.VALUES_PRINTABLE, message = Rules.VALUES_PRINTABLE_TEXT)
          @JsonProperty("set")
          @JsonPropertyDescription(SET)
          Map<String, @Size(max = Rules.HEADER_VALUE_LENGTH) String> assign,
      @Size(max = Rules.HEADERS)
          @ValidationRule(value = Rules.HEADERS_NAMED, message = Rules.HEADERS_NAMED_TEXT)
          @ValidationRule(value = Rules.HEADERS_FREE, message = Rules.HEADERS_FREE_TEXT)
          @ValidationRule(value = Rules.VALUES_PRINTABLE, message = Rules.VALUES_PRINTABLE_TEXT)
          @JsonPropertyDescription(ADDED)
          Map<String, @Size(max = Rules.HEADER_VALUE_LENGTH) String> add) {
    public Response {
      remove = Absent.toEmpty(remove);
      assign = Absent.toEmpty(assign);
      add = Absent.toEmpty(add);
    }
  }
}
