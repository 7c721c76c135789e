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
    @Default("{}") @JsonPropertyDescription("What callers may do over HTTP/2.") Http2 http2) {

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
}
