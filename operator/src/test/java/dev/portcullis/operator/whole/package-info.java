/**
 * The whole operator in this JVM, against a real API server, with real pods as far as this machine
 * can make them: a network namespace each, the real init step, the real Envoy. What a kubelet would
 * do, the tests do.
 */
package dev.portcullis.operator.whole;
