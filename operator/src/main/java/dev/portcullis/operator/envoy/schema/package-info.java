/**
 * Envoy messages, or fields of messages, that the proxy knows and the API jar does not yet.
 *
 * <p>Generated from {@code src/main/proto}; the proxy's own embedded schema is held against them by
 * a test. Only {@code envoy} may use it.
 */
package dev.portcullis.operator.envoy.schema;
