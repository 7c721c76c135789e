package dev.portcullis.bootstrap.render;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.portcullis.bootstrap.contract.EnvoyNames;
import io.envoyproxy.envoy.config.bootstrap.v3.Admin;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.BackoffStrategy;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.core.v3.RetryPolicy;
import java.nio.file.Path;
import java.time.Duration;

/** What every Envoy of ours has: a node, a private admin socket, clusters and listeners by ADS. */
final class AdsBootstrap {

  private static final int OWNER_ONLY = 0600;

  private AdsBootstrap() {}

  /**
   * {@code longestPause} is between two tries to reach the operator; it starts at a tenth and
   * grows, with jitter. Envoy's own 30 s would leave pods behind for that long after an operator's
   * restart.
   */
  static Bootstrap.Builder of(Node node, Path adminSocket, Duration longestPause) {
    return Bootstrap.newBuilder()
        .setNode(node)
        .setAdmin(admin(adminSocket))
        .setDynamicResources(
            Bootstrap.DynamicResources.newBuilder()
                .setAdsConfig(delta(longestPause))
                .setCdsConfig(ads())
                .setLdsConfig(ads()))
        .setApplicationLogConfig(jsonLog());
  }

  private static Admin admin(Path socket) {
    return Admin.newBuilder()
        .setAddress(
            Address.newBuilder()
                .setPipe(Pipe.newBuilder().setPath(socket.toString()).setMode(OWNER_ONLY)))
        .build();
  }

  private static ApiConfigSource delta(Duration longestPause) {
    return ApiConfigSource.newBuilder()
        .setApiType(ApiConfigSource.ApiType.DELTA_GRPC)
        .setTransportApiVersion(ApiVersion.V3)
        .setSetNodeOnFirstMessageOnly(true)
        .addGrpcServices(
            GrpcService.newBuilder()
                .setEnvoyGrpc(
                    GrpcService.EnvoyGrpc.newBuilder()
                        .setClusterName(EnvoyNames.XDS_CLUSTER)
                        .setSkipEnvoyHeaders(true)
                        .setRetryPolicy(retries(longestPause))))
        .build();
  }

  private static RetryPolicy retries(Duration longestPause) {
    return RetryPolicy.newBuilder()
        .setRetryBackOff(
            BackoffStrategy.newBuilder()
                .setBaseInterval(Durations.millis((int) longestPause.toMillis() / 10))
                .setMaxInterval(Durations.seconds(longestPause.toSeconds())))
        .build();
  }

  private static ConfigSource ads() {
    return ConfigSource.newBuilder()
        .setResourceApiVersion(ApiVersion.V3)
        .setAds(AggregatedConfigSource.getDefaultInstance())
        .build();
  }

  private static Bootstrap.ApplicationLogConfig jsonLog() {
    var line =
        Struct.newBuilder()
            .putFields("time", text("%Y-%m-%dT%T.%e%z"))
            .putFields("level", text("%l"))
            .putFields("component", text("%n"))
            .putFields("message", text("%j"));
    return Bootstrap.ApplicationLogConfig.newBuilder()
        .setLogFormat(Bootstrap.ApplicationLogConfig.LogFormat.newBuilder().setJsonFormat(line))
        .build();
  }

  private static Value text(String format) {
    return Value.newBuilder().setStringValue(format).build();
  }
}
