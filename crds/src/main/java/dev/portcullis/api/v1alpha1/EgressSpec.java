package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Where the application may go through its sidecar. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(value = ListTypes.class, input = "calls=name")
public record EgressSpec(
    @Size(max = 16)
        @ValidationRule(
            value = "self.all(c, self.exists_one(d, d.localPort == c.localPort))",
            message = "Give every call a localPort of its own.")
        @JsonPropertyDescription(
            "Other backends of this installation that the application calls: at most 16, each with"
                + " a name and a loopback port of its own. On 127.0.0.1:localPort the application"
                + " speaks plain HTTP, and the sidecar speaks mutual TLS with the backend's pods:"
                + " it presents the pod's own certificate and refuses any pod that is not exactly"
                + " who it should be. Whether the call is let in is decided by the callers and"
                + " routes of the backend's own policy.")
        List<CallSpec> calls) {

  public EgressSpec {
    calls = Absent.toEmpty(calls);
  }
}
