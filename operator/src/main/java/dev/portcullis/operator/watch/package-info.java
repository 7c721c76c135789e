/**
 * Cluster events -> views -> everything else. The only loops that face the Kubernetes API; nothing
 * but the wiring calls it.
 */
package dev.portcullis.operator.watch;
