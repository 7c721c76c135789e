/**
 * The certificate authority: root, issuing CA, leaves, trust bundle, and the signer of
 * PodCertificateRequests. Called by watch and by the TLS servers of xds and inject.
 */
package dev.portcullis.operator.identity;
