/**
 * What the operator and the sidecar must agree on: paths, ports, environment, names of Envoy
 * resources.
 *
 * <p>Constants and plain data only. Both the operator's {@code envoy} and {@code inject} packages
 * and this module's renderer read it; it reads nothing.
 */
package dev.portcullis.bootstrap.contract;
