/**
 * Keys for pods whose kubelet cannot get them: certificates over the stream, by way of what {@code
 * xds} asks for, and the ConfigMaps by which such pods know the operator. Wired by the operator.
 */
package dev.portcullis.operator.watch.keys;
