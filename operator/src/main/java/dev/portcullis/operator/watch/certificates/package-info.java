/**
 * The Kubernetes side of identity: the CA's Secret, the published roots, the signer of
 * PodCertificateRequests, the operator's own certificate.
 *
 * <p>Entry: {@link dev.portcullis.operator.watch.certificates.CertificateService}. Every replica
 * signs; the leader alone writes the CA, the bundle and events.
 */
package dev.portcullis.operator.watch.certificates;
