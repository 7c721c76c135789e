package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Bounds of bodies, headers and connections. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record LimitsSpec(
    @Default(Defaults.REQUEST_BODY)
        @Size(max = Rules.BYTES_LENGTH)
        @ValidationRule(value = Rules.FROM_1_TO_10GI, message = Rules.FROM_1_TO_10GI_TEXT)
        @JsonPropertyDescription(
            "Largest request body, in bytes, from 1 to 10Gi, for routes that say nothing else. A"
                + " larger one is answered with 413; of a body without a declared length the"
                + " application may have seen a part. Streams count as one body. Default: 2Mi.")
        String requestBody,
    @Default(Defaults.REQUEST_HEADERS)
        @Size(max = Rules.BYTES_LENGTH)
        @ValidationRule(value = Rules.FROM_1KI_TO_1MI, message = Rules.FROM_1KI_TO_1MI_TEXT)
        @JsonPropertyDescription(
            "Size of all headers of a request together, from 1Ki to 1Mi in whole Ki. Larger ones"
                + " are answered with 431 (on HTTP/2 the stream is reset). Default: 32Ki.")
        String requestHeaders,
    @Default("" + Defaults.HEADER_COUNT)
        @Min(10)
        @Max(1000)
        @JsonPropertyDescription(
            "Number of headers of a request, from 10 to 1000. More are answered with 431 (on"
                + " HTTP/2 the stream is reset). Default: 100.")
        Integer headerCount,
    @Default("" + Defaults.CONNECTIONS)
        @Min(1)
        @Max(1_000_000)
        @JsonPropertyDescription(
            "Open connections of callers to one pod, from 1 to 1000000. Further ones are closed at"
                + " once. Default: 10000.")
        Integer connections,
    @Default(Defaults.CONNECTION_LIFETIME)
        @Size(max = Rules.DURATION_LENGTH)
        @ValidationRule(value = Rules.FROM_1S_TO_24H, message = Rules.FROM_1S_TO_24H_TEXT)
        @JsonPropertyDescription(
            "How long a connection may live, from 1s to 24h, at least every request timeout. Then"
                + " the caller is told to open another one, so that nobody outlives a certificate"
                + " for long. Default: 1h.")
        String connectionLifetime) {}
