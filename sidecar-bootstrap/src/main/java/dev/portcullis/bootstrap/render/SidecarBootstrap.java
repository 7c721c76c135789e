package dev.portcullis.bootstrap.render;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.portcullis.bootstrap.contract.Metrics;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.bootstrap.v3.LayeredRuntime;
import io.envoyproxy.envoy.config.bootstrap.v3.RuntimeLayer;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.metrics.v3.StatsConfig;
import io.envoyproxy.envoy.config.metrics.v3.StatsMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ListStringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.time.Duration;
import java.util.List;

/** The bootstrap of a backend's sidecar. */
public final class SidecarBootstrap {

  /** These listeners bypass the overload manager, so they get bounds of their own. */
  private static final int PROBE_CONNECTIONS = 512;

  private static final int SCRAPERS = 16;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private SidecarBootstrap() {}

  /** Equal settings give an equal bootstrap. */
  public static Bootstrap of(SidecarSettings settings) {
    var bootstrap =
        AdsBootstrap.of(node(settings.pod()), settings.layout().adminSocket(), LONGEST_PAUSE)
            .setOverloadManager(Overload.of(settings.budget()))
            .setStatsConfig(fewerStats())
            .setLayeredRuntime(bounds(settings.metrics()));
    bootstrap
        .getStaticResourcesBuilder()
        .addListeners(ProbeListener.of(settings))
        .addClusters(XdsCluster.ofOperator(settings))
        .addAllClusters(gate(settings))
        .addAllClusters(AppProbeClusters.of(settings.probes()));
    switch (settings.metrics()) {
      case CLOSED -> {}
      case OPEN ->
          bootstrap
              .getStaticResourcesBuilder()
              .addListeners(MetricsListener.of(settings.inbound().families()))
              .addClusters(MetricsListener.admin(settings.layout()));
    }
    return bootstrap.build();
  }

  /**
   * Where its secrets come over the stream, the cluster does too: Envoy 1.40 dies of a static one
   * that asks for them before the stream is set up.
   */
  private static List<Cluster> gate(SidecarSettings settings) {
    return switch (settings.keys()) {
      case KUBELET -> List.of(GateCluster.of(settings));
      case STREAM -> List.of();
    };
  }

  private static Node node(SidecarSettings.Pod pod) {
    return Node.newBuilder()
        .setId(pod.namespace() + "/" + pod.name())
        .setCluster(pod.policy())
        .setMetadata(
            Struct.newBuilder()
                .putFields("pod_uid", Value.newBuilder().setStringValue(pod.uid()).build()))
        .build();
  }

  /**
   * Leaves out what nobody reads. Not the membership of clusters: the health check filter decides
   * by those very counters.
   */
  private static StatsConfig fewerStats() {
    var unread =
        ListStringMatcher.newBuilder()
            .addPatterns(prefix("listener_manager.worker_"))
            .addPatterns(prefix("http.probe."))
            .addPatterns(contains(".circuit_breakers."))
            .addPatterns(contains(".ssl.ciphers."))
            .addPatterns(contains(".ssl.sigalgs."));
    return StatsConfig.newBuilder()
        .setStatsMatcher(StatsMatcher.newBuilder().setExclusionList(unread))
        .build();
  }

  private static StringMatcher prefix(String prefix) {
    return StringMatcher.newBuilder().setPrefix(prefix).build();
  }

  private static StringMatcher contains(String part) {
    return StringMatcher.newBuilder().setContains(part).build();
  }

  private static LayeredRuntime bounds(Metrics metrics) {
    var limits = Struct.newBuilder();
    bound(ProbeListener.NAME, PROBE_CONNECTIONS, limits);
    switch (metrics) {
      case CLOSED -> {}
      case OPEN -> bound(MetricsListener.NAME, SCRAPERS, limits);
    }
    return LayeredRuntime.newBuilder()
        .addLayers(RuntimeLayer.newBuilder().setName("static").setStaticLayer(limits))
        .build();
  }

  private static void bound(String listener, int connections, Struct.Builder limits) {
    limits.putFields(
        "envoy.resource_limits.listener." + listener + ".connection_limit",
        Value.newBuilder().setNumberValue(connections).build());
  }
}
