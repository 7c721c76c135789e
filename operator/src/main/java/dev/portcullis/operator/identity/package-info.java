/**
 * The certificate authority: root, issuing CA, leaves, trust bundle, and the operator's own
 * credentials. PEM and requests go in, certificates come out; the time is always handed in.
 *
 * <p>Called by watch and by the TLS servers of xds and inject. Knows no cluster.
 */
package dev.portcullis.operator.identity;
