/**
 * Who is behind a stream and what it may read: implements what {@code xds} asks for. The API server
 * vouches for the pod, the pod's labels choose its policy; nothing that a client says of itself
 * counts.
 */
package dev.portcullis.operator.watch.peers;
