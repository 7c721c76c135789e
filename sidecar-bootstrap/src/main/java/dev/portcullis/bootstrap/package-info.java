/**
 * A small program without a Kubernetes client: prepares a pod for Envoy, or refuses to. Run as an
 * init step; nothing calls it.
 */
package dev.portcullis.bootstrap;
