package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;

/** What the network sees of the backend. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(value = Http3Rules.PORT, fieldPath = ".port", message = Http3Rules.PORT_TEXT)
@ValidationRule(
    value = Http3Rules.PROFILE,
    fieldPath = ".tls.profile",
    message = Http3Rules.PROFILE_TEXT)
@ValidationRule(
    value = Http3Rules.CURVES,
    fieldPath = ".tls.curves",
    message = Http3Rules.CURVES_TEXT)
@ValidationRule(value = Http3Rules.KEY, fieldPath = ".tls.keyType", message = Http3Rules.KEY_TEXT)
@ValidationRule(value = Http3Rules.LATER, fieldPath = ".http3", message = Http3Rules.LATER_TEXT)
public record ListenerSpec(
    @Default("" + Defaults.LISTENER_PORT)
        @Min(1)
        @Max(65535)
        @ValidationRule(value = Rules.PORT_FREE, message = Rules.PORT_FREE_TEXT)
        @JsonPropertyDescription(
            "TCP port of the pod on which callers are served, from 1 to 65535, other than"
                + " backend.port, 15006, 15021 and 15090. The targetPort of the backend's Services must"
                + " name it. Default: 8443.")
        Integer port,
    @Default("{}")
        @JsonPropertyDescription(
            "Parameters of TLS. Callers always have to present a certificate of this"
                + " installation.")
        TlsSpec tls,
    @Default("{}") @JsonPropertyDescription("What callers may do over HTTP/2.") Http2 http2,
    @JsonPropertyDescription(
            "Serves HTTP/3 too, on the UDP port of the same number as port, which must be 1024 or"
                + " above; an empty object is enough. The same rules guard it and the same rates"
                + " are counted; connections are counted apart, limits.connections of each kind."
                + " Services must name the port with protocol UDP beside TCP. Default: not served,"
                + " and the UDP port is closed.")
        Http3 http3) {

  /** What callers may do over HTTP/2. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Http2(
      @Default("" + Defaults.STREAMS)
          @Min(1)
          @Max(10_000)
          @JsonPropertyDescription(
              "Requests that one connection may have under way, from 1 to 10000. Callers are told,"
                  + " and wait with more; a connection that opens more all the same is closed. What"
                  + " all connections together may ask of the application, backend.limits says."
                  + " Default: 2000.")
          Integer maxConcurrentStreams) {}

  /** HTTP/3, where the policy has it. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Http3(
      @Min(1)
          @Max(65535)
          @JsonPropertyDescription(
              "UDP port that callers reach it on, from 1 to 65535, as a rule the Service's: the"
                  + " header Alt-Svc of answers tells them for an hour. Default: they are not told,"
                  + " and only those who know of it use HTTP/3.")
          Integer advertisedPort) {}
}
