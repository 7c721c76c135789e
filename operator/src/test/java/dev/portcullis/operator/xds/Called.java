package dev.portcullis.operator.xds;

import com.google.protobuf.util.Durations;
import dev.portcullis.operator.envoy.EnvoyResources;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.ArrayList;

/** Configurations that call another backend, and where that backend is. */
final class Called {

  static final String CLUSTER = "call/payments";
  static final String ENDPOINTS = "payments/payments/1";

  /** The same with a cluster that asks for {@link #ENDPOINTS}. */
  static EnvoyResources by(Resources caller, int connectSeconds) {
    var resources = caller.build();
    var clusters = new ArrayList<>(resources.clusters());
    clusters.add(cluster(connectSeconds));
    return new EnvoyResources(
        resources.version() + connectSeconds,
        resources.listener(),
        resources.routes(),
        clusters,
        resources.calls());
  }

  static ClusterLoadAssignment at(String name, int... ports) {
    var locality = LocalityLbEndpoints.newBuilder();
    for (var port : ports) {
      var socket = SocketAddress.newBuilder().setAddress("127.0.0.1").setPortValue(port);
      locality.addLbEndpoints(
          LbEndpoint.newBuilder()
              .setEndpoint(
                  Endpoint.newBuilder().setAddress(Address.newBuilder().setSocketAddress(socket))));
    }
    return ClusterLoadAssignment.newBuilder().setClusterName(name).addEndpoints(locality).build();
  }

  private static Cluster cluster(int connectSeconds) {
    var ads =
        ConfigSource.newBuilder()
            .setResourceApiVersion(ApiVersion.V3)
            .setAds(AggregatedConfigSource.getDefaultInstance());
    return Cluster.newBuilder()
        .setName(CLUSTER)
        .setType(Cluster.DiscoveryType.EDS)
        .setConnectTimeout(Durations.fromSeconds(connectSeconds))
        .setEdsClusterConfig(
            Cluster.EdsClusterConfig.newBuilder().setEdsConfig(ads).setServiceName(ENDPOINTS))
        .build();
  }

  private Called() {}
}
