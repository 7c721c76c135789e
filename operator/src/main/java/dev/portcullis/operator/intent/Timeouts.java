package dev.portcullis.operator.intent;

import java.time.Duration;

/**
 * Timeouts of connections. Those of requests are on each {@link Route}.
 *
 * @param idle a connection without requests
 * @param requestHeaders from the first to the last byte of the request's headers, and of a TLS
 *     handshake
 */
public record Timeouts(Duration idle, Duration requestHeaders) {}
