/**
 * The Secrets that callers from outside and API keys are in -> what can be trusted of them, for the
 * fast path. API keys are forgotten once their digests are known.
 *
 * <p>Every replica reads them, by name and live, every few seconds; none is written, listed or
 * watched. What a Secret says counts as long as the API server does not say otherwise: an API
 * server that is away changes nothing.
 */
package dev.portcullis.operator.watch.outside;
