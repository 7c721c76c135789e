package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** What would have been denied. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ShadowStatus(
    @JsonPropertyDescription(
            "Requests that would have been denied, of all pods that run now, since their sidecars"
                + " were started.")
        long requests,
    @Size(max = MAX_RULES)
        @JsonPropertyDescription("By which rules: the 20 that would have denied most.")
        List<Rule> rules,
    @JsonPropertyDescription("How many more rules would have denied any. Absent if none.")
        Integer moreRules) {

  /** Most rules that a status names. */
  public static final int MAX_RULES = 20;

  /** One rule at one line of the route table. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Rule(
      @JsonPropertyDescription(
              "What would have denied, such as callers, token, key, rate:NAME, body, method or path.")
          String rule,
      @JsonPropertyDescription("The route, as the access log tells it.") String route,
      @JsonPropertyDescription("How many requests.") long requests) {}

  public ShadowStatus {
    rules = Absent.toEmpty(rules);
  }
}
