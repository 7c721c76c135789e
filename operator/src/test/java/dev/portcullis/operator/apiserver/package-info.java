/**
 * A real kube-apiserver with its etcd, one for all tests of a JVM. For every {@code *IT} that needs
 * the Kubernetes API.
 */
package dev.portcullis.operator.apiserver;
