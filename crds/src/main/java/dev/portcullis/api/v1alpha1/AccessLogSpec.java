package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Which requests the sidecar writes lines about. What it refuses is logged always. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AccessLogSpec(
    @Default(Defaults.LOGGED_SHARE)
        @Size(max = Rules.SHARE_LENGTH)
        @ValidationRule(value = Rules.SHARE, message = Rules.SHARE_TEXT)
        @JsonPropertyDescription(
            "The share of the allowed requests that get a line, from 0% (none) to 100%, with at most"
                + " four decimals, such as 1% or 0.05%. Each is drawn by itself, whatever the caller"
                + " sends. Allowed is what the sidecar let through and the application answered"
                + " below 400. A change drains no connection, except to and from a policy without"
                + " any share. Default: 0%.")
        String allowed,
    @Default("" + Defaults.LINES_PER_SECOND)
        @Min(1)
        @Max(1000)
        @JsonPropertyDescription(
            "How many lines of each kind (refused or failed, allowed, in shadow) one worker thread"
                + " of the sidecar writes in a second at most, from 1 to 1000. The next line tells"
                + " in leftOut how many are missing. A change drains connections. Default: 20.")
        Integer linesPerSecond) {}
