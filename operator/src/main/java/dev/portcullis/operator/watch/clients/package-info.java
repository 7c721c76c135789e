/**
 * Callers without a sidecar: ApiClientCertificates come in, Secrets with certificates go out, and
 * the status of the objects. Runs on the leader only.
 *
 * <p>Entry: {@link dev.portcullis.operator.watch.clients.ClientCertificates}, for the wiring. The
 * CA is that of {@code watch.certificates}.
 */
package dev.portcullis.operator.watch.clients;
