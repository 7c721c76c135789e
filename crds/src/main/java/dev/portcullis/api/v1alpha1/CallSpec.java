package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Another backend that the application calls through a port of loopback. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value =
        "self.timeouts.connect"
            + Rules.UNREADABLE
            + "self.timeouts.request"
            + Rules.UNREADABLE
            + "duration(self.timeouts.connect) <= duration(self.timeouts.request)",
    fieldPath = ".timeouts.connect",
    message = "Make connect no longer than request: it would never run out.")
@ValidationRule(
    value =
        "!has(self.retries.perTry) || self.retries.perTry"
            + Rules.UNREADABLE
            + "self.timeouts.request"
            + Rules.UNREADABLE
            + "duration(self.retries.perTry) <= duration(self.timeouts.request)",
    fieldPath = ".retries.perTry",
    message = "Make perTry no longer than timeouts.request: it would never run out.")
public record CallSpec(
    @Required
        @Size(min = 1, max = Rules.NAME_LENGTH)
        @ValidationRule(value = Rules.NAME, message = Rules.NAME_TEXT)
        @JsonPropertyDescription(
            "Name of the call, unique in the policy, at most 63 characters. The access log, the"
                + " sidecar's own answers and the status tell it.")
        String name,
    @Required
        @Min(1024)
        @Max(65535)
        @ValidationRule(value = Rules.PORT_FREE, message = Rules.PORT_FREE_TEXT)
        @JsonPropertyDescription(
            "TCP port of 127.0.0.1 in the pod on which the application calls the backend, from 1024"
                + " to 65535, other than backend.port, listener.port, 15006, 15021, 15090 and every port"
                + " that a container of the pod uses. It cannot be reached from outside the pod."
                + " The application speaks HTTP/1.1, or HTTP/2 with prior knowledge, in plain text.")
        Integer localPort,
    @Required @JsonPropertyDescription("The ApiBackendPolicy of the backend that is called.")
        Backend backend,
    @Default("{}") @JsonPropertyDescription("How long the sidecar waits for the backend.")
        Timeouts timeouts,
    @Default("{}") @JsonPropertyDescription("Which failed requests are sent again, and how many.")
        Retries retries,
    @Default("{}")
        @JsonPropertyDescription(
            "When a pod that fails is left alone for a while. Failures are answers with 502, 503 or"
                + " 504, connections that cannot be made or break, and timeouts; another answer of"
                + " the application, such as 500, is none.")
        Ejection ejection,
    @Default(Defaults.CALL_BALANCING)
        @JsonPropertyDescription(
            "How requests are spread over the backend's ready pods. LeastRequest: to the one of two"
                + " random pods that has fewer requests of this sidecar in flight. RoundRobin: in"
                + " turn. Random: by chance. WeightedRoundRobin: in turn, less often to pods whose"
                + " load reports (the backend's overload.reportLoad, or its application's own) say"
                + " that they are slower or fail; without reports as RoundRobin. Default: LeastRequest.")
        Balancing balancing) {

  /** The policy of another backend, or of this one. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Backend(
      @Size(min = 1, max = Rules.NAME_LENGTH)
          @ValidationRule(value = Rules.NAME, message = Rules.NAME_TEXT)
          @JsonPropertyDescription(
              "Namespace of the policy. In another namespace than this policy's, the backend is"
                  + " found only if its policy names an identity of this namespace among its"
                  + " callers. Default: the namespace of this policy.")
          String namespace,
      @Required
          @Size(min = 1, max = Rules.DNS_LENGTH)
          @ValidationRule(value = Rules.SUBDOMAIN, message = Rules.POLICY_TEXT)
          @JsonPropertyDescription(
              "Name of the policy. While there is none of this name, or it has no ready pod, the"
                  + " sidecar answers the application with 503 and the status tells so.")
          String name) {}

  /** How long the sidecar waits for the backend. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Timeouts(
      @Default(Defaults.REQUEST_TIMEOUT)
          @Size(max = Rules.DURATION_LENGTH)
          @ValidationRule(value = Rules.FROM_1MS_TO_24H, message = Rules.FROM_1MS_TO_24H_TEXT)
          @JsonPropertyDescription(
              "How long a request may take with all its retries, from its first byte to the last"
                  + " byte of the response, from 1ms to 24h. Longer ones are cut, with 504 where no"
                  + " response has begun. Default: 15s.")
          String request,
      @Default(Defaults.CONNECT_TIMEOUT)
          @Size(max = Rules.DURATION_LENGTH)
          @ValidationRule(value = Rules.FROM_1MS_TO_24H, message = Rules.FROM_1MS_TO_24H_TEXT)
          @JsonPropertyDescription(
              "How long a connection to a pod may take, TLS handshake included, from 1ms to 24h, at"
                  + " most request. Default: 1s.")
          String connect) {}

  /** Which failed requests are sent again. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @SchemaCustomizer(value = ListTypes.class, input = "conditions")
  public record Retries(
      @Default("" + Defaults.CALL_ATTEMPTS)
          @Min(0)
          @Max(5)
          @JsonPropertyDescription(
              "How often a request is sent again at most, from 0 (never) to 5; each time to"
                  + " another pod where there is one. A request whose body is larger than 32Ki is"
                  + " not sent again. Default: 2.")
          Integer attempts,
      @Size(max = Rules.DURATION_LENGTH)
          @ValidationRule(value = Rules.FROM_1MS_TO_24H, message = Rules.FROM_1MS_TO_24H_TEXT)
          @JsonPropertyDescription(
              "How long one try may take, from 1ms to 24h, at most timeouts.request. A try that"
                  + " takes longer counts as Broken. Default: no bound of its own.")
          String perTry,
      @Size(max = 4)
          @JsonPropertyDescription(
              "Failures after which a request is sent again. NotConnected: no connection to the pod"
                  + " could be made. Refused: the pod told that it did not process the request."
                  + " Broken: the connection ended before the answer. Unavailable: that, or an"
                  + " answer of 502, 503, 504 or, with gRPC, UNAVAILABLE. Default: all four.")
          List<Condition> conditions,
      @Default(Defaults.CALL_METHODS)
          @JsonPropertyDescription(
              "Which requests are sent again after Broken and Unavailable, where the backend may"
                  + " have begun its work. Safe: GET, HEAD and OPTIONS alone. All: every method;"
                  + " choose it only if the backend takes the same request twice without harm. After"
                  + " NotConnected and Refused every method is sent again. Default: Safe.")
          Methods methods,
      @Default("" + Defaults.CALL_BUDGET)
          @Min(1)
          @Max(100)
          @JsonPropertyDescription(
              "How many retries each sidecar may have in flight, in percent of its requests in"
                  + " flight to this backend, from 1 to 100; 3 are always allowed. It keeps retries"
                  + " from adding to an overload. Default: 20.")
          Integer budget) {

    public Retries {
      conditions = Absent.toEmpty(conditions);
    }
  }

  /** A failure of one try. */
  public enum Condition {
    NotConnected,
    Refused,
    Broken,
    Unavailable
  }

  /** Methods of requests that are sent again though the backend may have begun its work. */
  public enum Methods {
    Safe,
    All
  }

  /** When a failing pod is left alone. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Ejection(
      @Default("" + Defaults.CALL_FAILURES)
          @Min(1)
          @Max(1000)
          @JsonPropertyDescription(
              "How many failures in a row, seen by one sidecar, eject a pod, from 1 to 1000."
                  + " Default: 5.")
          Integer failures,
      @Default(Defaults.CALL_EJECTION)
          @Size(max = Rules.DURATION_LENGTH)
          @ValidationRule(value = Rules.FROM_1S_TO_24H, message = Rules.FROM_1S_TO_24H_TEXT)
          @JsonPropertyDescription(
              "How long a pod is left alone the first time, from 1s to 24h; each further time it is"
                  + " as much longer, up to 5m or this, whichever is longer. Default: 30s.")
          String duration,
      @Default("" + Defaults.CALL_EJECTED_PERCENT)
          @Min(0)
          @Max(100)
          @JsonPropertyDescription(
              "How many of the backend's pods may be ejected at the same time, in percent, from 0"
                  + " (none) to 100. Default: 50.")
          Integer maxPercent) {}

  /** How requests are spread over pods. */
  public enum Balancing {
    LeastRequest,
    RoundRobin,
    Random,
    WeightedRoundRobin
  }
}
