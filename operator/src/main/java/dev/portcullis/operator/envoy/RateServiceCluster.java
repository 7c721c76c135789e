package dev.portcullis.operator.envoy;

import com.google.protobuf.UInt32Value;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.RateService;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.KeepaliveSettings;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import java.time.Duration;

/** The service's pods, over mutual TLS: each by the address that DNS has, all by one identity. */
final class RateServiceCluster {

  static final String NAME = "portcullis-rate-service";

  private static final String PROTOCOL_OPTIONS =
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
  private static final int BUFFER_BYTES = 32 * 1024;
  private static final Duration CONNECT = Duration.ofSeconds(1);
  // A pod that is gone without a word is found out by it.
  private static final Duration PING = Duration.ofSeconds(5);
  private static final Duration PONG = Duration.ofSeconds(1);
  // Much less than a certificate lives, so that none grows old on a connection.
  private static final Duration LIFETIME = Duration.ofMinutes(10);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  /**
   * @throws java.util.NoSuchElementException without a service; {@code resolve} refuses limits then
   */
  static Cluster of(BackendIntent intent) {
    var service = intent.mesh().rateService().orElseThrow();
    return Cluster.newBuilder()
        .setName(NAME)
        .setType(DiscoveryType.STRICT_DNS)
        .setDnsRefreshRate(ProtoDuration.of(LOOK_AGAIN))
        .setConnectTimeout(ProtoDuration.of(CONNECT))
        .setPerConnectionBufferLimitBytes(UInt32Value.of(BUFFER_BYTES))
        .putTypedExtensionProtocolOptions(PROTOCOL_OPTIONS, Packed.any(http2()))
        .setTransportSocket(CallTls.only(intent, service.identity()))
        .setLoadAssignment(at(service))
        .build();
  }

  private static io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions http2() {
    var keepalive =
        KeepaliveSettings.newBuilder()
            .setInterval(ProtoDuration.of(PING))
            .setTimeout(ProtoDuration.of(PONG));
    return io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.newBuilder()
        .setCommonHttpProtocolOptions(
            HttpProtocolOptions.newBuilder().setMaxConnectionDuration(ProtoDuration.of(LIFETIME)))
        .setExplicitHttpConfig(
            ExplicitHttpConfig.newBuilder()
                .setHttp2ProtocolOptions(
                    Http2ProtocolOptions.newBuilder().setConnectionKeepalive(keepalive)))
        .build();
  }

  private static ClusterLoadAssignment at(RateService service) {
    var socket = SocketAddress.newBuilder().setAddress(service.host()).setPortValue(service.port());
    var endpoint = Endpoint.newBuilder().setAddress(Address.newBuilder().setSocketAddress(socket));
    return ClusterLoadAssignment.newBuilder()
        .setClusterName(NAME)
        .addEndpoints(
            LocalityLbEndpoints.newBuilder()
                .addLbEndpoints(LbEndpoint.newBuilder().setEndpoint(endpoint)))
        .build();
  }

  private RateServiceCluster() {}
}
