package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;

/** How the pod is closed around the application. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record HardeningSpec(Capture capture) {

  /** How connections to the pod reach the sidecar. */
  public enum Capture {
    Redirect,
    None
  }
}
