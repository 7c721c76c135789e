package dev.portcullis.operator.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UInt32Value;
import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.bootstrap.contract.SidecarPorts;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;

/**
 * The cluster by which a proxy calls its own listener, for proxies whose bootstrap cannot hold it:
 * there is no file that its secrets could come from.
 */
final class StreamedGate {
  private static final Duration SECOND = seconds(1);
  private static final Duration WHILE_UNHEALTHY =
      Duration.newBuilder().setNanos(100_000_000).build();
  private static final Duration WHILE_HEALTHY = seconds(30);
  private static final String LOOPBACK = "127.0.0.1";

  private StreamedGate() {}

  private static Duration seconds(long seconds) {
    return Duration.newBuilder().setSeconds(seconds).build();
  }

  static Cluster of(Listener listener) {
    return Cluster.newBuilder()
        .setName(EnvoyNames.GATE_CLUSTER)
        .setType(Cluster.DiscoveryType.STATIC)
        .setConnectTimeout(SECOND)
        .setLoadAssignment(endpoint(address(listener)))
        .setTransportSocket(tls(listener))
        .addHealthChecks(handshake())
        .build();
  }

  /** Under redirect a chain is chosen by the port that was dialled. */
  private static SocketAddress address(Listener listener) {
    var redirected = listener.getFilterChains(0).getFilterChainMatch();
    return redirected.hasDestinationPort()
        ? SocketAddress.newBuilder()
            .setAddress(SidecarPorts.GATE_ADDRESS)
            .setPortValue(redirected.getDestinationPort().getValue())
            .build()
        : SocketAddress.newBuilder()
            .setAddress(LOOPBACK)
            .setPortValue(listener.getAddress().getSocketAddress().getPortValue())
            .build();
  }

  private static ClusterLoadAssignment endpoint(SocketAddress address) {
    var endpoint = Endpoint.newBuilder().setAddress(Address.newBuilder().setSocketAddress(address));
    return ClusterLoadAssignment.newBuilder()
        .setClusterName(EnvoyNames.GATE_CLUSTER)
        .addEndpoints(
            LocalityLbEndpoints.newBuilder()
                .addLbEndpoints(LbEndpoint.newBuilder().setEndpoint(endpoint)))
        .build();
  }

  /** As a caller would come: with certificates both ways, and what the listener takes. */
  private static TransportSocket tls(Listener listener) {
    var context =
        UpstreamTlsContext.newBuilder()
            .setCommonTlsContext(
                CommonTlsContext.newBuilder()
                    .setTlsParams(parameters(listener))
                    .addTlsCertificateSdsSecretConfigs(
                        StreamedForm.secret(EnvoyNames.IDENTITY_SECRET))
                    .setValidationContextSdsSecretConfig(
                        StreamedForm.secret(EnvoyNames.TRUST_SECRET)));
    return TransportSocket.newBuilder()
        .setName("envoy.transport_sockets.tls")
        .setTypedConfig(Any.pack(context.build()))
        .build();
  }

  private static TlsParameters parameters(Listener listener) {
    try {
      return listener
          .getFilterChains(0)
          .getTransportSocket()
          .getTypedConfig()
          .unpack(DownstreamTlsContext.class)
          .getCommonTlsContext()
          .getTlsParams();
    } catch (InvalidProtocolBufferException damaged) {
      throw new IllegalArgumentException("a listener without TLS", damaged);
    }
  }

  private static HealthCheck handshake() {
    return HealthCheck.newBuilder()
        .setTimeout(SECOND)
        .setInterval(WHILE_HEALTHY)
        .setNoTrafficInterval(WHILE_UNHEALTHY)
        .setNoTrafficHealthyInterval(WHILE_HEALTHY)
        .setUnhealthyThreshold(UInt32Value.of(1))
        .setHealthyThreshold(UInt32Value.of(1))
        .setTcpHealthCheck(HealthCheck.TcpHealthCheck.getDefaultInstance())
        .build();
  }
}
