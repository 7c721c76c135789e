package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** What of the OpenAPI document in force is enforced, and what is not. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record OpenApiStatus(
    @JsonPropertyDescription("The document that is in force.") Document document,
    @JsonPropertyDescription("What stands before each of its paths; '/' for nothing.")
        String basePath,
    @JsonPropertyDescription("Operations that it has.") int operations,
    @JsonPropertyDescription(
            "Those that requests can reach by it; the others are denied, or decided by spec.routes.")
        int served,
    @JsonPropertyDescription("What is enforced of it, and how often it occurs.")
        List<String> enforced,
    @Size(max = MAX_POINTS)
        @JsonPropertyDescription("What is denied although the document has it: the first 10.")
        List<Point> denied,
    @JsonPropertyDescription("How many more are denied. Absent if none.") Integer moreDenied,
    @Size(max = MAX_POINTS)
        @JsonPropertyDescription(
            "What the document asks for and nobody checks: the first 10, those that concern paths"
                + " before others.")
        List<Point> notEnforced,
    @JsonPropertyDescription("How many more are not checked. Absent if none.")
        Integer moreNotEnforced) {

  /** Most places that each list names. */
  public static final int MAX_POINTS = 10;

  /** A document, as it was read. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Document(
      @JsonPropertyDescription("Name of the ConfigMap.") String configMap,
      @JsonPropertyDescription("Its key.") String key,
      @JsonPropertyDescription("Version of OpenAPI that the document is written in.")
          String openapi,
      @JsonPropertyDescription(
              "SHA-256 of the document's text, as sha256sum prints it, the first 16 digits.")
          String sha256) {}

  /** A place in the document. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Point(
      @JsonPropertyDescription("Where, as a JSON pointer.") String pointer,
      @JsonPropertyDescription("Why, as a sentence.") String reason) {}

  public OpenApiStatus {
    enforced = Absent.toEmpty(enforced);
    denied = Absent.toEmpty(denied);
    notEnforced = Absent.toEmpty(notEnforced);
  }
}
