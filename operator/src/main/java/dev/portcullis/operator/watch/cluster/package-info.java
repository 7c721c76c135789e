/**
 * What every replica knows of the cluster: policies, pods and namespaces, kept by informers, each
 * trimmed to what the gate needs. Others read it and are told of changes; nobody writes through it.
 */
package dev.portcullis.operator.watch.cluster;
