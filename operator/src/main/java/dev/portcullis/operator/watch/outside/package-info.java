/**
 * The Secrets that callers from outside refer to -> what can be trusted of them, for the fast path.
 *
 * <p>Every replica reads them, by name and live, every few seconds; none is written, listed or
 * watched. What a Secret says counts as long as the API server does not say otherwise: an API
 * server that is away changes nothing.
 */
package dev.portcullis.operator.watch.outside;
