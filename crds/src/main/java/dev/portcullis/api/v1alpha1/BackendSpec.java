package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;

/** How the sidecar talks to the application inside the pod. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record BackendSpec(Integer port, Protocol protocol, HealthCheckSpec healthCheck) {

  /** What the application speaks, in plain text over loopback. */
  public enum Protocol {
    HTTP,
    HTTP2,
    GRPC
  }
}
