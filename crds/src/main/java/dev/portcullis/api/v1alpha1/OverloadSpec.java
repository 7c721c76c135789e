package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What the gate does when there is more to do than can be done. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record OverloadSpec(
    @Default(Defaults.RETRY_AFTER)
        @Size(max = Rules.DURATION_LENGTH)
        @ValidationRule(value = Rules.WHOLE_SECONDS_TO_1H, message = Rules.WHOLE_SECONDS_TO_1H_TEXT)
        @JsonPropertyDescription(
            "When callers shall try again that the sidecar itself answers with 503: in seconds in"
                + " Retry-After, with gRPC in milliseconds in grpc-retry-pushback-ms as well, from"
                + " 1s to 1h in whole seconds. What the application answers is left as it is."
                + " Default: 2s.")
        String retryAfter,
    @Default(Defaults.REPORT_LOAD)
        @JsonPropertyDescription(
            "Whether each answer to a caller of this installation tells in the header"
                + " endpoint-load-metrics (an ORCA load report) how much of what backend.limits"
                + " allows was in use in the last 10 seconds. Callers whose calls are balanced by"
                + " WeightedRoundRobin, and gRPC clients that balance so, send less to a pod that"
                + " is slower or fails. A report that the application makes itself is left as it"
                + " is. Default: false.")
        Boolean reportLoad) {}
