package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** The sidecar's own check of the application. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value =
        "self.timeout"
            + Rules.UNREADABLE
            + "self.interval"
            + Rules.UNREADABLE
            + "duration(self.timeout) <= duration(self.interval)",
    fieldPath = ".timeout",
    message = "Make timeout no longer than interval: checks would overlap.")
public record HealthCheckSpec(
    @Default(Defaults.HEALTH_PATH)
        @Size(min = 1, max = Rules.PATH_LENGTH)
        @ValidationRule(value = Rules.PLAIN_PATH, message = Rules.PLAIN_PATH_TEXT)
        @JsonPropertyDescription(
            "Path that a healthy application answers with a status from 200 to 399, on its port."
                + " Default: /healthz. Must stay the default with protocol GRPC.")
        String path,
    @Default(Defaults.HEALTH_INTERVAL)
        @Size(max = Rules.DURATION_LENGTH)
        @ValidationRule(value = Rules.FROM_50MS_TO_1H, message = Rules.FROM_50MS_TO_1H_TEXT)
        @JsonPropertyDescription("Time between two checks, from 50ms to 1h. Default: 5s.")
        String interval,
    @Default(Defaults.HEALTH_TIMEOUT)
        @Size(max = Rules.DURATION_LENGTH)
        @ValidationRule(value = Rules.FROM_50MS_TO_1H, message = Rules.FROM_50MS_TO_1H_TEXT)
        @JsonPropertyDescription(
            "How long an answer may take, from 50ms to 1h, at most interval and at most"
                + " timeouts.request. Later counts as a failure. Default: 1s.")
        String timeout,
    @Default("" + Defaults.UNHEALTHY_THRESHOLD)
        @Min(1)
        @Max(100)
        @JsonPropertyDescription(
            "How many failures in a row take the pod out of rotation, from 1 to 100. One success"
                + " brings it back. Default: 3.")
        Integer unhealthyThreshold) {}
