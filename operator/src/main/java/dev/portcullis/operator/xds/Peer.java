package dev.portcullis.operator.xds;

/**
 * The pod behind a stream, as the API server vouched for it. Never what the client says of itself.
 */
public record Peer(String namespace, String pod, String uid, String serviceAccount) {}
