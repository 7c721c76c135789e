package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/** How the sidecar talks to the application inside the pod. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value =
        "self.protocol != 'GRPC' || !has(self.healthCheck) || self.healthCheck.path == '/healthz'",
    fieldPath = ".healthCheck.path",
    message =
        "Remove path: with protocol GRPC the standard gRPC health service is asked, not a path.")
@ValidationRule(
    value = "self.protocol == 'GRPC' || !has(self.transcoding)",
    fieldPath = ".transcoding",
    message = "Remove transcoding, or choose protocol GRPC: JSON becomes gRPC calls.")
public record BackendSpec(
    @Required
        @Min(1)
        @Max(65535)
        @ValidationRule(value = Rules.PORT_FREE, message = Rules.PORT_FREE_TEXT)
        @JsonPropertyDescription(
            "TCP port of the application, from 1 to 65535, without 15006, 15021 and 15090, which the"
                + " sidecar uses. The network cannot reach this port.")
        Integer port,
    @Default(Defaults.PROTOCOL)
        @JsonPropertyDescription(
            "What the application speaks on its port, in plain text. HTTP: HTTP/1.1. HTTP2: HTTP/2"
                + " with prior knowledge. GRPC: the same, for gRPC: health is asked through the"
                + " standard gRPC health service and every route must have methods: [POST]. Callers"
                + " may use HTTP/1.1 or HTTP/2 whatever is chosen here.")
        Protocol protocol,
    @JsonPropertyDescription(
            "The sidecar's own check of the application. While it fails, the pod is not ready, so"
                + " Services send it nothing. Without this section the application is not checked"
                + " by the sidecar; the probes of its pod work all the same.")
        HealthCheckSpec healthCheck,
    @Default("{}")
        @JsonPropertyDescription(
            "How much of the application one sidecar uses at the same time. What comes beyond is"
                + " answered with 503 and Retry-After at once, so that the application is never"
                + " given more than it can do.")
        BackendLimitsSpec limits,
    @JsonPropertyDescription(
            "When the application is too slow to be asked: then requests are answered with 503 and"
                + " Retry-After at once, until it is quick again. Without this section it is asked"
                + " however slow it is.")
        BreakerSpec breaker,
    @JsonPropertyDescription(
            "Lets callers use JSON over HTTP for gRPC methods that have an option google.api.http:"
                + " the sidecar turns requests into gRPC calls and answers into JSON. Such a request"
                + " is a call of its method from the start: routes, callers, authentication and"
                + " limits see /package.Service/Method and never the path of the JSON request."
                + " Requires protocol GRPC. Without this section gRPC alone is understood.")
        TranscodingSpec transcoding) {

  /** What the application speaks, in plain text over loopback. */
  public enum Protocol {
    HTTP,
    HTTP2,
    GRPC
  }
}
