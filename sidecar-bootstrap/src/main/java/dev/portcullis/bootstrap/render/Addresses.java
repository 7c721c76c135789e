package dev.portcullis.bootstrap.render;

import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.nio.file.Path;

/** Socket addresses and clusters of one endpoint. */
final class Addresses {

  static final String LOOPBACK = "127.0.0.1";

  private Addresses() {}

  static Address socket(String host, int port) {
    return Address.newBuilder()
        .setSocketAddress(SocketAddress.newBuilder().setAddress(host).setPortValue(port))
        .build();
  }

  /** Every address of the pod. */
  static Address any(SidecarSettings.Families families, int port) {
    var socket = SocketAddress.newBuilder().setPortValue(port);
    return Address.newBuilder()
        .setSocketAddress(
            switch (families) {
              case IPV4 -> socket.setAddress("0.0.0.0");
              case DUAL -> socket.setAddress("::").setIpv4Compat(true);
            })
        .build();
  }

  static Address pipe(Path path) {
    return Address.newBuilder().setPipe(Pipe.newBuilder().setPath(path.toString())).build();
  }

  static ClusterLoadAssignment oneEndpoint(String cluster, Address address) {
    return ClusterLoadAssignment.newBuilder()
        .setClusterName(cluster)
        .addEndpoints(
            LocalityLbEndpoints.newBuilder()
                .addLbEndpoints(
                    LbEndpoint.newBuilder().setEndpoint(Endpoint.newBuilder().setAddress(address))))
        .build();
  }
}
