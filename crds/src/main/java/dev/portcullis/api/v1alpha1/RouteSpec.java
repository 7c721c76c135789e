package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** A known endpoint. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(value = ListTypes.class, input = "methods upgrades callers rateLimits=name")
@ValidationRule(
    value = "!has(self.upgrades) || self.upgrades.all(u, self.methods == ['GET'])",
    fieldPath = ".methods",
    message = "Give a route with upgrades methods: [GET]: a WebSocket begins with a GET.")
@ValidationRule(
    value =
        "!has(self.upgrades) || self.upgrades.all(u, !has(self.limits) ||"
            + " !has(self.limits.requestBody))",
    fieldPath = ".limits",
    message =
        "Remove requestBody from a route with upgrades: a WebSocket has no body, and what passes"
            + " through it is not counted.")
public record RouteSpec(
    @Required
        @Size(min = 1, max = Rules.NAME_LENGTH)
        @ValidationRule(value = Rules.NAME, message = Rules.NAME_TEXT)
        @JsonPropertyDescription(
            "Name of the route, unique in the policy, at most 63 characters. The access log and the"
                + " metrics tell it.")
        String name,
    @Required
        @JsonPropertyDescription(
            "Which paths the route matches: exactly one of exact, prefix, template. Paths are"
                + " compared case-sensitively, after normalisation and without the query; a request"
                + " with an escaped slash is refused before.")
        Path path,
    @Required
        @Size(min = 1, max = 7)
        @JsonPropertyDescription(
            "The methods that the route matches: at least one. HEAD and OPTIONS are matched only if"
                + " named.")
        List<Method> methods,
    @Size(max = 1)
        @JsonPropertyDescription(
            "WebSocket, or nothing. A route with it takes the handshakes of WebSockets, of HTTP/1.1"
                + " and of HTTP/2 (RFC 8441), and nothing else: other requests to its path are left"
                + " to the routes behind it, and answered with 426 if none takes them. All that"
                + " guards requests guards the handshake. What passes after it is bounded by"
                + " timeouts.idle, timeouts.request and backend.limits.webSockets. Without it a"
                + " handshake is answered with 403.")
        List<Upgrade> upgrades,
    @Size(max = 32)
        @JsonPropertyDescription(
            "Names of the callers who may use the route, from spec.callers. Anyone else gets 403."
                + " Default: all of spec.callers.")
        List<@Size(max = Rules.NAME_LENGTH) String> callers,
    @Size(max = 4)
        @JsonPropertyDescription(
            "Limits of the request rate of this route alone: at most 4. They apply beside those of"
                + " spec.rateLimits. Requests over a limit are answered with 429 and Retry-After.")
        List<RateLimitSpec> rateLimits,
    @JsonPropertyDescription(
            "Which tokens and keys the route asks for. Default: with spec.authentication, a token of"
                + " any of its issuers or a key of any of its clients; without it, neither.")
        RouteAuthenticationSpec authentication,
    @JsonPropertyDescription("Bounds of this route alone.") Limits limits,
    @JsonPropertyDescription("Timeouts of this route alone.") Timeouts timeouts,
    @JsonPropertyDescription(
            "Whether what the route does not allow is denied (Enforce), or let through and counted"
                + " (Shadow): for its caller, token, key, rate or body. Requests that are of no"
                + " route have the policy's mode. Default: mode of the policy.")
        Mode mode,
    @JsonPropertyDescription("The access log of this route alone.") AccessLog accessLog) {

  /** Exactly one of the three. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @ValidationRule(
      value =
          "(has(self.exact) ? 1 : 0) + (has(self.prefix) ? 1 : 0) + (has(self.template) ? 1 : 0)"
              + " == 1",
      message = "Give exactly one of exact, prefix or template.")
  public record Path(
      @Size(min = 1, max = Rules.PATH_LENGTH)
          @ValidationRule(value = Rules.PLAIN_PATH, message = Rules.PLAIN_PATH_TEXT)
          @ValidationRule(value = Rules.PATH_FREE, message = Rules.PATH_FREE_TEXT)
          @JsonPropertyDescription(
              "The whole path, such as /api/v1/orders. It must be written as the application sees"
                  + " it: from '/', without empty, '.' or '..' segments, escapes, query or"
                  + " fragment; at most 512 characters.")
          String exact,
      @Size(min = 1, max = Rules.PATH_LENGTH)
          @ValidationRule(value = Rules.PLAIN_PATH, message = Rules.PLAIN_PATH_TEXT)
          @ValidationRule(value = Rules.PATH_FREE, message = Rules.PATH_FREE_TEXT)
          @ValidationRule(
              value = "self == '/' || !self.endsWith('/')",
              message = "Remove the trailing '/': a prefix matches whole segments by itself.")
          @JsonPropertyDescription(
              "The path itself and everything below it, by whole segments: /api matches /api and"
                  + " /api/v1, not /apis. No trailing '/', except for '/' itself, which matches"
                  + " every path; at most 512 characters.")
          String prefix,
      @Size(min = 1, max = Rules.PATH_LENGTH)
          @ValidationRule(value = Rules.TEMPLATE_PATH, message = Rules.TEMPLATE_PATH_TEXT)
          @ValidationRule(value = Rules.TEMPLATE_VARIABLES, message = Rules.TEMPLATE_VARIABLES_TEXT)
          @ValidationRule(value = Rules.PATH_FREE, message = Rules.PATH_FREE_TEXT)
          @JsonPropertyDescription(
              "A path with variables, such as /orders/{id}. A variable is one whole segment that is"
                  + " not empty. At most 5 variables with different names of at most 16 letters,"
                  + " digits or '_'; no trailing '/'; at most 512 characters.")
          String template) {}

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

  /** What a connection may become. */
  public enum Upgrade {
    WebSocket
  }

  /** Bounds of this route alone. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Limits(
      @Size(max = Rules.BYTES_LENGTH)
          @ValidationRule(value = Rules.FROM_1_TO_10GI, message = Rules.FROM_1_TO_10GI_TEXT)
          @JsonPropertyDescription(
              "Largest request body, in bytes, from 1 to 10Gi. A larger one is answered with 413;"
                  + " of a body without a declared length the application may have seen a part."
                  + " Streams count as one body. Default: limits.requestBody of the policy.")
          String requestBody) {}

  /** Timeouts of this route alone. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Timeouts(
      @Size(max = Rules.DURATION_LENGTH)
          @ValidationRule(value = Rules.FROM_1MS_TO_24H, message = Rules.FROM_1MS_TO_24H_TEXT)
          @JsonPropertyDescription(
              "How long a request may take, from its first byte to the last byte of the response,"
                  + " from 1ms to 24h. Longer ones are cut, with 504 where no response has begun."
                  + " Default: timeouts.request of the policy. Of a WebSocket: how long it may be"
                  + " open; there the default is limits.connectionLifetime of the policy.")
          String request,
      @Size(max = Rules.DURATION_LENGTH)
          @ValidationRule(value = Rules.FROM_1MS_TO_24H, message = Rules.FROM_1MS_TO_24H_TEXT)
          @JsonPropertyDescription(
              "How long a request may be without a byte in either direction, from 1ms to 24h. Then"
                  + " it is cut. Default: timeouts.idle of the policy.")
          String idle) {}

  /** The access log of this route alone. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record AccessLog(
      @Required
          @Size(max = Rules.SHARE_LENGTH)
          @ValidationRule(value = Rules.SHARE, message = Rules.SHARE_TEXT)
          @JsonPropertyDescription(
              "The share of the route's allowed requests that get a line, in place of"
                  + " accessLog.allowed of the policy, from 0% to 100%, with at most four decimals.")
          String allowed) {}

  public RouteSpec {
    methods = Absent.toEmpty(methods);
    upgrades = Absent.toEmpty(upgrades);
    callers = Absent.toEmpty(callers);
    rateLimits = Absent.toEmpty(rateLimits);
  }
}
