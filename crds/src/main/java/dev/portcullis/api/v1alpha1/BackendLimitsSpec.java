package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How much of the application one sidecar uses at the same time. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record BackendLimitsSpec(
    @Default("" + Defaults.APP_CONNECTIONS)
        @Min(1)
        @Max(20_000)
        @JsonPropertyDescription(
            "Connections to the application, from 1 to 20000. With protocol HTTP each request needs"
                + " one of its own, so this is how many requests the application works on; further"
                + " ones wait. Each worker thread of the sidecar may always have one, so 1 means at"
                + " most one for each. Default: 1024.")
        Integer connections,
    @Default("" + Defaults.APP_PENDING)
        @Min(1)
        @Max(100_000)
        @JsonPropertyDescription(
            "Requests that wait for a connection, from 1 to 100000; also those for which one is just"
                + " being made, so leave room for the largest burst. More are answered with 503 at"
                + " once. Default: 1024.")
        Integer pendingRequests,
    @Default("" + Defaults.APP_REQUESTS)
        @Min(1)
        @Max(100_000)
        @JsonPropertyDescription(
            "Requests that the application works on, from 1 to 100000. More are answered with 503"
                + " at once. With protocol HTTP, connections counts too. Default: 1024.")
        Integer requests,
    @Default(Defaults.APP_CONNECTION_IDLE)
        @Size(max = Rules.DURATION_LENGTH)
        @ValidationRule(value = Rules.FROM_1MS_TO_24H, message = Rules.FROM_1MS_TO_24H_TEXT)
        @JsonPropertyDescription(
            "How long an unused connection is kept for the next request, from 1ms to 24h. Must be"
                + " shorter than the time after which the application itself closes it, or requests"
                + " are lost between the two. Default: 4s, since the quickest of the usual servers"
                + " closes after 5s.")
        String connectionIdle,
    @Min(1)
        @Max(1_000_000)
        @JsonPropertyDescription(
            "Requests after which a connection is replaced, from 1 to 1000000, for applications"
                + " that close it after so many. Default: no bound.")
        Integer connectionRequests,
    @Default("" + Defaults.APP_WEB_SOCKETS)
        @Min(1)
        @Max(20_000)
        @JsonPropertyDescription(
            "WebSockets that the application has open, from 1 to 20000, beside its requests and"
                + " counted apart from them: neither takes the other's place. More are answered with"
                + " 503 at once. Default: 1024.")
        Integer webSockets) {}
