package dev.portcullis.operator.xds;

import com.google.protobuf.BoolValue;
import dev.portcullis.operator.envoy.EnvoyResources;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.ArrayList;
import java.util.List;

/**
 * A configuration as the canary may run it: it opens no port and has no endpoint to connect to; one
 * over UDP cannot do without a port, and has one on loopback that answers nobody. All else stays,
 * since it is what the check is about; secrets are the canary's own files of the same paths.
 */
final class CanaryResources {

  /** Always there: a proxy without any cluster waits for one. */
  private static final Cluster PLACEHOLDER =
      Cluster.newBuilder()
          .setName("portcullis-canary-placeholder")
          .setType(DiscoveryType.STATIC)
          .build();

  private CanaryResources() {}

  /** Nothing to check. */
  static ResourceSet none() {
    return ResourceSet.ofClusters("none", List.of(PLACEHOLDER));
  }

  static ResourceSet of(EnvoyResources candidate) {
    var clusters = new ArrayList<Cluster>();
    clusters.add(PLACEHOLDER);
    candidate.clusters().forEach(cluster -> clusters.add(withoutEndpoints(cluster)));
    var calls =
        new EnvoyResources.Calls(
            candidate.calls().listeners().stream().map(CanaryResources::unbound).toList(),
            candidate.calls().routes());
    return ResourceSet.of(
        new EnvoyResources(
            candidate.version(),
            unbound(candidate.listener()),
            candidate.http3().map(CanaryResources::unreachable),
            candidate.routes(),
            clusters,
            calls));
  }

  private static Listener unbound(Listener listener) {
    return listener.toBuilder().setBindToPort(BoolValue.of(false)).build();
  }

  private static Listener unreachable(Listener http3) {
    var listener = http3.toBuilder();
    listener.getAddressBuilder().getSocketAddressBuilder().setAddress("127.0.0.1").setPortValue(0);
    listener.getUdpListenerConfigBuilder().getQuicOptionsBuilder().setRejectNewConnections(true);
    return listener.build();
  }

  /** One that waits for its endpoints would keep a canary that starts from its answer. */
  private static Cluster withoutEndpoints(Cluster cluster) {
    if (cluster.hasEdsClusterConfig()) {
      return cluster.toBuilder().clearEdsClusterConfig().setType(DiscoveryType.STATIC).build();
    }
    if (!cluster.hasLoadAssignment()) {
      return cluster;
    }
    var none =
        ClusterLoadAssignment.newBuilder()
            .setClusterName(cluster.getLoadAssignment().getClusterName());
    return cluster.toBuilder().setLoadAssignment(none).build();
  }
}
