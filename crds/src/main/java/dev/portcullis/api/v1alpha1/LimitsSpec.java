package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;

/** Bounds of bodies, headers and connections. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record LimitsSpec(
    String requestBody,
    String requestHeaders,
    Integer headerCount,
    Integer connections,
    String connectionLifetime) {}
