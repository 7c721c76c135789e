/**
 * BackendIntent -> EnvoyResources: the second pure arrow. One class per Envoy feature, in one
 * visible ordered list. Called by watch; only xds reads the result. No client, no clock, no I/O.
 */
package dev.portcullis.operator.envoy;
