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

/** A rate with a burst. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(value = ListTypes.class, input = "per")
@ValidationRule(
    value = "has(self.header) == (has(self.per) && 'Header' in self.per)",
    fieldPath = ".per",
    message = "Name the header that 'per' counts by: 'Header' and 'header' go together.")
@ValidationRule(
    value = "has(self.claim) == (has(self.per) && 'Claim' in self.per)",
    fieldPath = ".per",
    message = "Name the claim that 'per' counts by: 'Claim' and 'claim' go together.")
@ValidationRule(
    value =
        "self.scope != 'Fleet' || self.interval"
            + Rules.UNREADABLE
            + "duration(self.interval) in [duration('1s'), duration('1m'), duration('1h')]",
    fieldPath = ".interval",
    message = "Choose 1s, 1m or 1h with scope Fleet: the store counts whole ones.")
@ValidationRule(
    value = "self.scope != 'Fleet' || self.burst == 0",
    fieldPath = ".burst",
    message =
        "Leave 'burst' out with scope Fleet: all 'requests' of an interval may come at once there.")
@ValidationRule(
    value = "self.scope != 'Fleet' || self.trackedClients == " + Defaults.TRACKED_CLIENTS,
    fieldPath = ".trackedClients",
    message = "Leave 'trackedClients' out with scope Fleet: the store counts every client.")
@ValidationRule(
    value = "!has(self.onOutage) || self.scope == 'Fleet'",
    fieldPath = ".onOutage",
    message = "Leave 'onOutage' out, or choose scope Fleet: the other scopes ask no store.")
public record RateLimitSpec(
    @Required
        @Size(min = 1, max = Rules.NAME_LENGTH)
        @ValidationRule(value = Rules.NAME, message = Rules.NAME_TEXT)
        @JsonPropertyDescription(
            "Name of the limit, unique among those of its route and of the policy, at most 63"
                + " characters.")
        String name,
    @Size(max = 6)
        @JsonPropertyDescription(
            "What clients are told apart by, all of it together; each client has a count of its"
                + " own. ClientIP: the address of the connection, of IPv6 addresses the /64"
                + " network. Caller: the identity, as the application hears it. Route: the route,"
                + " in a limit of spec.rateLimits. Header: the first value of 'header'; requests"
                + " that have none count together. Claim: the claim 'claim' of the token that was"
                + " checked, and its issuer; requests without it count together. ApiKey: the client"
                + " whose key was shown; requests without a key count together. Default: none, all requests share one count.")
        List<Key> per,
    @Size(min = 1, max = Rules.HEADER_NAME_LENGTH)
        @ValidationRule(value = Rules.HEADER_NAMED, message = Rules.HEADERS_NAMED_TEXT)
        @ValidationRule(value = Rules.HEADER_KEPT, message = Rules.HEADER_KEPT_TEXT)
        @JsonPropertyDescription(
            "The request header that Header in 'per' counts by, in any case, at most 128"
                + " characters. Clients choose its value themselves: it shares a rate fairly, and"
                + " keeps nobody from asking under another value.")
        String header,
    @Size(min = 1, max = Rules.CLAIM_LENGTH)
        @ValidationRule(value = Rules.CLAIM_NAMED, message = Rules.CLAIMS_NAMED_TEXT)
        @JsonPropertyDescription(
            "The claim that Claim in 'per' counts by, such as sub. A dot leads into a claim:"
                + " realm.id is id of realm. Strings, numbers, booleans, lists and objects all"
                + " count by what they are.")
        String claim,
    @Required
        @Min(1)
        @Max(1_000_000)
        @JsonPropertyDescription(
            "Requests that a client may make per interval, steadily, from 1 to 1000000: of"
                + " each pod, or of all together, as 'scope' says.")
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
                + " the clients seen longest ago are forgotten and start afresh; but all together"
                + " never make more requests than so many clients may, so that nobody gains by"
                + " changing addresses. Each takes about 405 bytes in each sidecar; all limits of"
                + " a policy together may track 250000. Default: 10000.")
        Integer trackedClients,
    @Default(Defaults.RATE_SCOPE)
        @JsonPropertyDescription(
            "What the rate is of. Pod: each pod's sidecar lets so much through by itself, so three"
                + " pods let through three times as much. Workload: all pods together; each takes"
                + " an equal share, which follows the number of ready pods, and at least one"
                + " request at once. Fleet: all pods together, exactly, in one store that the"
                + " installation provides (rateLimit.fleet of the chart), by whole intervals of"
                + " 1s, 1m or 1h, without burst. Default: Pod.")
        Scope scope,
    @JsonPropertyDescription(
            "What becomes of requests while the store of scope Fleet does not answer. Refuse: they"
                + " are refused with 503. Allow: they pass this limit uncounted; a limit of scope"
                + " Pod beside it still holds. Default: Refuse.")
        Outage onOutage) {

  /** What a rate is of. */
  public enum Scope {
    Pod,
    Workload,
    Fleet
  }

  /** What becomes of requests that cannot be counted. */
  public enum Outage {
    Refuse,
    Allow
  }

  /** What a client is told apart by. */
  public enum Key {
    ClientIP,
    Caller,
    Route,
    Header,
    Claim,
    ApiKey
  }

  public RateLimitSpec {
    per = Absent.toEmpty(per);
  }
}
