package dev.portcullis.operator.identity.rotation;

/**
 * Somebody who keeps the next step from being taken.
 *
 * @param who as {@code namespace/pod} or as a kind and a name
 * @param why a sentence
 */
public record Straggler(String who, String why) {}
