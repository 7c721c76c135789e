package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/** A known endpoint. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RouteSpec(
    String name,
    Path path,
    List<Method> methods,
    List<String> callers,
    List<RateLimitSpec> rateLimits,
    Limits limits,
    Timeouts timeouts) {

  /** Exactly one of the three. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Path(String exact, String prefix, String template) {}

  /** HTTP methods. */
  public enum Method {
    GET,
    HEAD,
    POST,
    PUT,
    PATCH,
    DELETE,
    OPTIONS
  }

  /** Bounds of this route alone. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Limits(String requestBody) {}

  /** Timeouts of this route alone. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Timeouts(String request, String idle) {}

  public RouteSpec {
    methods = Absent.toEmpty(methods);
    callers = Absent.toEmpty(callers);
    rateLimits = Absent.toEmpty(rateLimits);
  }
}
