package dev.portcullis.operator.intent;

/**
 * What is the same for every backend of one installation.
 *
 * @param operator identity under which the operator measures what a sidecar serves
 */
public record Mesh(String trustDomain, SpiffeId operator) {}
