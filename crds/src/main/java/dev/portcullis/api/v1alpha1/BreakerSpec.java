package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** When the application counts as too slow to be asked. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record BreakerSpec(
    @Required
        @Size(max = Rules.DURATION_LENGTH)
        @ValidationRule(value = Rules.FROM_1MS_TO_24H, message = Rules.FROM_1MS_TO_24H_TEXT)
        @JsonPropertyDescription(
            "The latency that is too slow, from 1ms to 24h, shorter than timeouts.request. It is"
                + " counted from the last byte of the request to the headers of the response, so"
                + " that slow callers do not count against the application.")
        String latency,
    @Default("" + Defaults.BREAKER_PERCENTILE)
        @Min(1)
        @Max(99)
        @JsonPropertyDescription(
            "The percentile of the requests answered in the last 10 seconds that is compared with"
                + " latency, from 1 to 99. With 95 the breaker opens when more than 5 of 100 were"
                + " slower. Fewer than 20 requests in that time, in one worker thread of the"
                + " sidecar, open nothing. Default: 95.")
        Integer percentile,
    @Default(Defaults.BREAKER_OPEN)
        @Size(max = Rules.DURATION_LENGTH)
        @ValidationRule(value = Rules.FROM_1S_TO_24H, message = Rules.FROM_1S_TO_24H_TEXT)
        @JsonPropertyDescription(
            "How long the breaker stays open, from 1s to 24h. Then one request of each worker"
                + " thread is let through: if it is answered within latency the breaker is closed,"
                + " otherwise it stays open for as long again. Default: 10s.")
        String open) {}
