package dev.portcullis.bootstrap.render;

import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.nio.file.Path;
import java.time.Duration;

/** The bootstrap of the Envoy beside the operator that tries each configuration first. */
public final class CanaryBootstrap {

  /** Node id of every canary. */
  public static final String NODE = "portcullis-canary";

  /** Short: it starts beside the operator, and the first configurations wait for it. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private CanaryBootstrap() {}

  /** Resources come in plain text from {@code port} on loopback; nothing is bound but admin. */
  public static Bootstrap of(int port, Path adminSocket) {
    var node = Node.newBuilder().setId(NODE).setCluster(NODE).build();
    var bootstrap = AdsBootstrap.of(node, adminSocket, LONGEST_PAUSE);
    bootstrap
        .getStaticResourcesBuilder()
        .addClusters(XdsCluster.ofCanary(port))
        .addClusters(unused());
    return bootstrap.build();
  }

  private static Cluster unused() {
    return Cluster.newBuilder()
        .setName("unused")
        .setType(Cluster.DiscoveryType.STATIC)
        .setConnectTimeout(Durations.seconds(1))
        .setLoadAssignment(Addresses.oneEndpoint("unused", Addresses.socket(Addresses.LOOPBACK, 1)))
        .build();
  }
}
