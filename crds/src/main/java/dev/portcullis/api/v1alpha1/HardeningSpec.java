package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/** How the pod is closed around the application. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record HardeningSpec(
    @Default(Defaults.CAPTURE)
        @JsonPropertyDescription(
            "How connections to the pod reach the sidecar. Redirect: an init container with the"
                + " capability NET_ADMIN redirects every inbound TCP connection to the sidecar, so"
                + " that the application's ports cannot be reached around it. None: no capability"
                + " is needed; the application itself must listen on loopback only, and the policy"
                + " is not Enforced until the operator has found its port closed from outside. A"
                + " change takes effect in pods created after it. Default: Redirect.")
        Capture capture) {

  /** How connections to the pod reach the sidecar. */
  public enum Capture {
    Redirect,
    None
  }
}
