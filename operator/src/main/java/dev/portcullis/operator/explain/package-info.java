/**
 * What {@code kubectl portcullis} runs: policies on standard input, an answer on standard output. A
 * plain program over resolve and envoy; it opens no connection, and nothing of the operator calls
 * it.
 */
package dev.portcullis.operator.explain;
