package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How long the gate waits. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TimeoutsSpec(
    @Default(Defaults.REQUEST_TIMEOUT)
        @Size(max = Rules.DURATION_LENGTH)
        @ValidationRule(value = Rules.FROM_1MS_TO_24H, message = Rules.FROM_1MS_TO_24H_TEXT)
        @JsonPropertyDescription(
            "How long a request may take, from its first byte to the last byte of the response,"
                + " from 1ms to 24h, for routes that say nothing else. Longer ones are cut, with"
                + " 504 where no response has begun. Default: 15s.")
        String request,
    @Default(Defaults.IDLE_TIMEOUT)
        @Size(max = Rules.DURATION_LENGTH)
        @ValidationRule(value = Rules.FROM_1MS_TO_24H, message = Rules.FROM_1MS_TO_24H_TEXT)
        @JsonPropertyDescription(
            "How long a connection may be without a request, and a request without a byte in either"
                + " direction, from 1ms to 24h. Then it is closed. Default: 60s.")
        String idle,
    @Default(Defaults.REQUEST_HEADERS_TIMEOUT)
        @Size(max = Rules.DURATION_LENGTH)
        @ValidationRule(value = Rules.FROM_1MS_TO_24H, message = Rules.FROM_1MS_TO_24H_TEXT)
        @JsonPropertyDescription(
            "How long the headers of a request may take from their first byte to their last, from"
                + " 1ms to 24h. Slower ones are answered with 408. A connection whose TLS handshake takes"
                + " longer than this is closed. Default: 10s.")
        String requestHeaders,
    @Default(Defaults.CONNECT_TIMEOUT)
        @Size(max = Rules.DURATION_LENGTH)
        @ValidationRule(value = Rules.FROM_1MS_TO_24H, message = Rules.FROM_1MS_TO_24H_TEXT)
        @JsonPropertyDescription(
            "How long the application may take to accept a connection of the sidecar, from 1ms to"
                + " 24h, at most request. Then the request is answered with 503. Default: 1s.")
        String connect,
    @Default(Defaults.REVOCATION)
        @Size(max = Rules.DURATION_LENGTH)
        @ValidationRule(value = Rules.WHOLE_SECONDS_TO_1H, message = Rules.WHOLE_SECONDS_TO_1H_TEXT)
        @JsonPropertyDescription(
            "How long connections may go on after a caller has lost its right to call, from 1s to 1h"
                + " in whole seconds. New requests of the caller are refused at once; this bounds"
                + " what is under way. Every connection that was open then is told to close, and cut"
                + " after this time, so the other callers' requests have this long to end. Pods that"
                + " run keep the time that they were made with. Default: 30s.")
        String revocation) {}
