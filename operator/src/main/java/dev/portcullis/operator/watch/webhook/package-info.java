/**
 * Keeps the API server able to trust our webhook. In come the roots of the CA and the registered
 * webhook, out goes its {@code caBundle}; the leader calls.
 */
package dev.portcullis.operator.watch.webhook;
