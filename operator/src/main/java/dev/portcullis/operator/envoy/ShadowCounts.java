package dev.portcullis.operator.envoy;

import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.bootstrap.contract.ProbePaths;
import dev.portcullis.bootstrap.contract.SidecarPaths;
import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.time.Duration;
import java.util.List;

/**
 * Tells the operator, and nobody else, what {@link ShadowRecord} has counted: one page of Envoy's
 * admin interface, whose address is on no network. All else of it has no route.
 */
final class ShadowCounts implements Feature {

  private static final String CLUSTER = "portcullis-shadow-counts";
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  @Override
  public void onHost(BackendIntent intent, VirtualHost.Builder host) {
    if (intent.shadow().isPresent()) {
      var page =
          RouteAction.newBuilder()
              .setCluster(CLUSTER)
              .setPrefixRewrite("/stats?usedonly&filter=" + EnvoyNames.SHADOW_COUNTER)
              .setTimeout(ProtoDuration.of(TIMEOUT));
      host.addRoutes(
          ServedVersion.forOperator(intent, "portcullis:shadow-counts", ProbePaths.SHADOW_COUNTS)
              .setRoute(page));
    }
  }

  static List<Cluster> clusters(BackendIntent intent) {
    return intent.shadow().map(_ -> admin()).stream().toList();
  }

  private static Cluster admin() {
    var socket = Address.newBuilder().setPipe(Pipe.newBuilder().setPath(SidecarPaths.ADMIN_SOCKET));
    var endpoint = LbEndpoint.newBuilder().setEndpoint(Endpoint.newBuilder().setAddress(socket));
    return Cluster.newBuilder()
        .setName(CLUSTER)
        .setType(DiscoveryType.STATIC)
        .setConnectTimeout(ProtoDuration.of(TIMEOUT))
        .setLoadAssignment(
            ClusterLoadAssignment.newBuilder()
                .setClusterName(CLUSTER)
                .addEndpoints(LocalityLbEndpoints.newBuilder().addLbEndpoints(endpoint)))
        .build();
  }
}
