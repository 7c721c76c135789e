package dev.portcullis.operator.envoy;

import com.google.protobuf.UInt32Value;
import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.operator.intent.Application.Pool;
import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;

/** The application on the pod's loopback. */
final class AppCluster implements Feature {

  private static final String LOOPBACK = "127.0.0.1";
  private static final String PROTOCOL_OPTIONS =
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
  private static final int BUFFER_BYTES = 32 * 1024;

  @Override
  public void onCluster(BackendIntent intent, Cluster.Builder app) {
    var application = intent.application();
    app.setType(DiscoveryType.STATIC)
        .setConnectTimeout(ProtoDuration.of(application.connectTimeout()))
        .setPerConnectionBufferLimitBytes(UInt32Value.of(BUFFER_BYTES))
        .setCircuitBreakers(
            CircuitBreakers.newBuilder().addThresholds(thresholds(application.pool())))
        .setLoadAssignment(loopback(application.port()))
        .putTypedExtensionProtocolOptions(PROTOCOL_OPTIONS, Packed.any(protocol(intent)));
  }

  private static Thresholds.Builder thresholds(Pool pool) {
    return Thresholds.newBuilder()
        .setMaxConnections(UInt32Value.of(pool.connections()))
        .setMaxPendingRequests(UInt32Value.of(pool.pendingRequests()))
        .setMaxRequests(UInt32Value.of(pool.requests()))
        .setMaxRetries(UInt32Value.of(0));
  }

  private static io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions protocol(
      BackendIntent intent) {
    var application = intent.application();
    var explicit = ExplicitHttpConfig.newBuilder();
    switch (application.protocol()) {
      case HTTP1 -> explicit.setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance());
      case HTTP2, GRPC ->
          explicit.setHttp2ProtocolOptions(
              Http2ProtocolOptions.newBuilder().setAllowConnect(intent.takesWebSockets()));
    }
    return io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.newBuilder()
        .setCommonHttpProtocolOptions(connection(application.pool()))
        .setExplicitHttpConfig(explicit)
        .build();
  }

  private static HttpProtocolOptions.Builder connection(Pool pool) {
    var options = HttpProtocolOptions.newBuilder().setIdleTimeout(ProtoDuration.of(pool.idle()));
    pool.connectionRequests()
        .ifPresent(requests -> options.setMaxRequestsPerConnection(UInt32Value.of(requests)));
    return options;
  }

  private static ClusterLoadAssignment loopback(int port) {
    var socket = SocketAddress.newBuilder().setAddress(LOOPBACK).setPortValue(port);
    var endpoint = Endpoint.newBuilder().setAddress(Address.newBuilder().setSocketAddress(socket));
    return ClusterLoadAssignment.newBuilder()
        .setClusterName(EnvoyNames.APP_CLUSTER)
        .addEndpoints(
            LocalityLbEndpoints.newBuilder()
                .addLbEndpoints(LbEndpoint.newBuilder().setEndpoint(endpoint)))
        .build();
  }
}
