package dev.portcullis.bootstrap.render;

import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.bootstrap.contract.SidecarPorts;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;

/**
 * The pod's own inbound listener, seen as a caller sees it. Its health check is a whole mutual TLS
 * handshake: it passes only once the listener is bound and its certificate is loaded and valid. A
 * bare connect would pass over a listener that has no certificate.
 */
final class GateCluster {

  static final String NAME = EnvoyNames.GATE_CLUSTER;

  private GateCluster() {}

  static Cluster of(SidecarSettings settings) {
    var check = HealthChecks.immediate(Durations.millis(100), Durations.seconds(30));
    return Cluster.newBuilder()
        .setName(NAME)
        .setType(Cluster.DiscoveryType.STATIC)
        .setConnectTimeout(Durations.seconds(1))
        .setLoadAssignment(
            Addresses.oneEndpoint(
                NAME, Addresses.socket(host(settings.inbound()), settings.inbound().port())))
        .setTransportSocket(TlsSockets.toOwnGate(settings.layout()))
        .addHealthChecks(HealthChecks.tcpConnect(check))
        .build();
  }

  private static String host(SidecarSettings.Inbound inbound) {
    return switch (inbound.capture()) {
      case REDIRECT -> SidecarPorts.GATE_ADDRESS;
      case NONE -> Addresses.LOOPBACK;
    };
  }
}
