package dev.portcullis.operator.envoy;

import com.google.protobuf.FloatValue;
import com.google.protobuf.UInt32Value;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Call;
import dev.portcullis.operator.intent.Call.Balancing;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds.RetryBudget;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.CommonLbConfig;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.EdsClusterConfig;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LbPolicy;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.TransportSocketMatch;
import io.envoyproxy.envoy.config.cluster.v3.LoadBalancingPolicy;
import io.envoyproxy.envoy.config.cluster.v3.OutlierDetection;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.KeepaliveSettings;
import io.envoyproxy.envoy.extensions.load_balancing_policies.client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import io.envoyproxy.envoy.type.v3.Percent;
import java.time.Duration;

/**
 * The pods of a called backend, over HTTP/2 and mutual TLS. Each pod has a socket that admits its
 * own identity alone; a pod without one gets the socket that admits nobody.
 */
final class CallCluster {

  private static final String PROTOCOL_OPTIONS =
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
  private static final String WEIGHTED_ROUND_ROBIN =
      "envoy.load_balancing_policies.client_side_weighted_round_robin";
  // What fails counts as if it had used all that a pod has.
  private static final float ERROR_PENALTY = 1;
  private static final int BUFFER_BYTES = 32 * 1024;
  private static final int AT_ONCE = 1024;
  private static final int STREAMS = 100;
  private static final int RETRIES_AT_LEAST = 3;
  private static final Duration IDLE = Duration.ofSeconds(30);
  // Much less than a certificate lives, so that none grows old on a connection.
  private static final Duration LIFETIME = Duration.ofMinutes(10);
  private static final Duration PING = Duration.ofSeconds(15);
  private static final Duration PONG = Duration.ofSeconds(5);
  private static final Duration LONGEST_EJECTION = Duration.ofMinutes(5);
  private static final Duration LOOK_AT_EJECTED = Duration.ofSeconds(1);

  static Cluster of(BackendIntent intent, Call call) {
    var cluster =
        Cluster.newBuilder()
            .setName(Calls.name(call))
            .setType(DiscoveryType.EDS)
            .setEdsClusterConfig(
                EdsClusterConfig.newBuilder()
                    .setEdsConfig(AdsSource.CONFIG)
                    .setServiceName(CallEndpoints.name(call)))
            .setConnectTimeout(ProtoDuration.of(call.connectTimeout()))
            .setPerConnectionBufferLimitBytes(UInt32Value.of(BUFFER_BYTES))
            // Envoy would otherwise send to ejected pods when too few are left.
            .setCommonLbConfig(
                CommonLbConfig.newBuilder().setHealthyPanicThreshold(Percent.getDefaultInstance()))
            .setCircuitBreakers(CircuitBreakers.newBuilder().addThresholds(thresholds(call)))
            .putTypedExtensionProtocolOptions(PROTOCOL_OPTIONS, Packed.any(http2()))
            .setTransportSocket(CallTls.nobody(intent));
    balance(cluster, call.balancing());
    for (var identity : call.identities()) {
      cluster.addTransportSocketMatches(
          TransportSocketMatch.newBuilder()
              .setName(identity.uri())
              .setMatch(CallEndpoints.mark(identity))
              .setTransportSocket(CallTls.only(intent, identity)));
    }
    if (call.ejection().maxPercent() > 0) {
      cluster.setOutlierDetection(ejection(call.ejection()));
    }
    return cluster.build();
  }

  private static void balance(Cluster.Builder cluster, Balancing balancing) {
    switch (balancing) {
      case LEAST_REQUEST -> cluster.setLbPolicy(LbPolicy.LEAST_REQUEST);
      case ROUND_ROBIN -> cluster.setLbPolicy(LbPolicy.ROUND_ROBIN);
      case RANDOM -> cluster.setLbPolicy(LbPolicy.RANDOM);
      case WEIGHTED_ROUND_ROBIN -> cluster.setLoadBalancingPolicy(byLoadReports());
    }
  }

  /** A pod that fails at once uses little; only the penalty keeps it from being preferred. */
  private static LoadBalancingPolicy byLoadReports() {
    var weighted =
        ClientSideWeightedRoundRobin.newBuilder()
            .setErrorUtilizationPenalty(FloatValue.of(ERROR_PENALTY))
            .build();
    return LoadBalancingPolicy.newBuilder()
        .addPolicies(
            LoadBalancingPolicy.Policy.newBuilder()
                .setTypedExtensionConfig(Packed.extension(WEIGHTED_ROUND_ROBIN, weighted)))
        .build();
  }

  private static Thresholds.Builder thresholds(Call call) {
    return Thresholds.newBuilder()
        .setMaxConnections(UInt32Value.of(AT_ONCE))
        .setMaxPendingRequests(UInt32Value.of(AT_ONCE))
        .setMaxRequests(UInt32Value.of(AT_ONCE))
        .setRetryBudget(
            RetryBudget.newBuilder()
                .setBudgetPercent(Percent.newBuilder().setValue(call.retries().budgetPercent()))
                .setMinRetryConcurrency(UInt32Value.of(RETRIES_AT_LEAST)));
  }

  private static io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions http2() {
    var ping =
        KeepaliveSettings.newBuilder()
            .setInterval(ProtoDuration.of(PING))
            .setTimeout(ProtoDuration.of(PONG));
    return io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.newBuilder()
        .setCommonHttpProtocolOptions(
            HttpProtocolOptions.newBuilder()
                .setIdleTimeout(ProtoDuration.of(IDLE))
                .setMaxConnectionDuration(ProtoDuration.of(LIFETIME)))
        .setExplicitHttpConfig(
            ExplicitHttpConfig.newBuilder()
                .setHttp2ProtocolOptions(
                    Http2ProtocolOptions.newBuilder()
                        .setMaxConcurrentStreams(UInt32Value.of(STREAMS))
                        .setConnectionKeepalive(ping)))
        .build();
  }

  /** An application's own 500 may be the request's fault, and so ejects nobody. */
  private static OutlierDetection ejection(Call.Ejection ejection) {
    var longest =
        ejection.duration().compareTo(LONGEST_EJECTION) > 0
            ? ejection.duration()
            : LONGEST_EJECTION;
    return OutlierDetection.newBuilder()
        .setConsecutiveGatewayFailure(UInt32Value.of(ejection.failures()))
        .setEnforcingConsecutiveGatewayFailure(UInt32Value.of(100))
        .setEnforcingConsecutive5Xx(UInt32Value.of(0))
        .setEnforcingSuccessRate(UInt32Value.of(0))
        .setInterval(ProtoDuration.of(LOOK_AT_EJECTED))
        .setBaseEjectionTime(ProtoDuration.of(ejection.duration()))
        .setMaxEjectionTime(ProtoDuration.of(longest))
        .setMaxEjectionPercent(UInt32Value.of(ejection.maxPercent()))
        .build();
  }

  private CallCluster() {}
}
