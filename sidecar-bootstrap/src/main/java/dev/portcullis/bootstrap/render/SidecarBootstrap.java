package dev.portcullis.bootstrap.render;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
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

  /** The probe listener bypasses the overload manager, so it gets a bound of its own. */
  private static final int PROBE_CONNECTIONS = 512;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private SidecarBootstrap() {}

  /** Equal settings give an equal bootstrap. */
  public static Bootstrap of(SidecarSettings settings) {
    var bootstrap =
        AdsBootstrap.of(node(settings.pod()), settings.layout().adminSocket(), LONGEST_PAUSE)
            .setOverloadManager(Overload.of(settings.budget()))
            .setStatsConfig(fewerStats())
            .setLayeredRuntime(boundedProbes());
    bootstrap
        .getStaticResourcesBuilder()
        .addListeners(ProbeListener.of(settings))
        .addClusters(XdsCluster.ofOperator(settings))
        .addAllClusters(gate(settings))
        .addAllClusters(AppProbeClusters.of(settings.probes()));
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

  private static LayeredRuntime boundedProbes() {
    var key = "envoy.resource_limits.listener." + ProbeListener.NAME + ".connection_limit";
    var limit = Value.newBuilder().setNumberValue(PROBE_CONNECTIONS).build();
    return LayeredRuntime.newBuilder()
        .addLayers(
            RuntimeLayer.newBuilder()
                .setName("static")
                .setStaticLayer(Struct.newBuilder().putFields(key, limit)))
        .build();
  }
}
