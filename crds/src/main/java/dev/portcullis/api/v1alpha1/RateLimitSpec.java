package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** A rate with a burst, counted per client. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(value = ListTypes.class, input = "per")
public record RateLimitSpec(
    @Required
        @Size(min = 1, max = Rules.NAME_LENGTH)
        @ValidationRule(value = Rules.NAME, message = Rules.NAME_TEXT)
        @JsonPropertyDescription(
            "Name of the limit, unique among those of its route and of the policy, at most 63"
                + " characters.")
        String name,
    @Required
        @Size(min = 1, max = 1)
        @JsonPropertyDescription(
            "What clients are told apart by; each has a count of its own. ClientIP: the address of"
                + " the connection.")
        List<Key> per,
    @Required
        @Min(1)
        @Max(1_000_000)
        @JsonPropertyDescription(
            "Requests that a client may make per interval, steadily, from 1 to 1000000. Each"
                + " sidecar counts for itself.")
        Integer requests,
    @Default(Defaults.RATE_INTERVAL)
        @Size(max = Rules.DURATION_LENGTH)
        @ValidationRule(value = Rules.FROM_50MS_TO_1H, message = Rules.FROM_50MS_TO_1H_TEXT)
        @JsonPropertyDescription(
            "The time that requests counts for, from 50ms to 1h. The allowance refills"
                + " continuously, not at the interval's end. Default: 1s.")
        String interval,
    @Default("" + Defaults.RATE_BURST)
        @Min(0)
        @Max(1_000_000)
        @JsonPropertyDescription(
            "Requests beyond the steady rate that a client may make at once, from 0 to 1000000, as"
                + " nginx's burst with nodelay. With 0 requests have to be spaced evenly. Default:"
                + " 0.")
        Integer burst,
    @Default("" + Defaults.TRACKED_CLIENTS)
        @Min(1)
        @Max(100_000)
        @JsonPropertyDescription(
            "How many clients are counted exactly at the same time, from 1 to 100000. Beyond that"
                + " the clients seen longest ago are forgotten and start afresh. Each takes about"
                + " 405 bytes in each sidecar; all limits of a policy together may track 250000."
                + " Default: 10000.")
        Integer trackedClients) {

  /** What a client is told apart by. */
  public enum Key {
    ClientIP
  }

  public RateLimitSpec {
    per = Absent.toEmpty(per);
  }
}
