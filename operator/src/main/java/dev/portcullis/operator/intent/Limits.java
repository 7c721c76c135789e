package dev.portcullis.operator.intent;

import java.time.Duration;

/**
 * Bounds of connections and headers. Body sizes are on each {@link Route}.
 *
 * @param headerBytes all request headers together
 * @param headerCount number of request headers
 * @param connections open connections of the listener
 * @param connectionLifetime after which a connection is drained and closed
 */
public record Limits(
    int headerBytes, int headerCount, int connections, Duration connectionLifetime) {}
