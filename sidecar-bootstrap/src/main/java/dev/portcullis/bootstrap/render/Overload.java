package dev.portcullis.bootstrap.render;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.overload.v3.OverloadAction;
import io.envoyproxy.envoy.config.overload.v3.OverloadManager;
import io.envoyproxy.envoy.config.overload.v3.ResourceMonitor;
import io.envoyproxy.envoy.config.overload.v3.ThresholdTrigger;
import io.envoyproxy.envoy.config.overload.v3.Trigger;
import io.envoyproxy.envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig;
import io.envoyproxy.envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig;

/** What Envoy gives up, and in which order, before the kernel would kill it. */
final class Overload {

  private static final String HEAP = "envoy.resource_monitors.fixed_heap";
  private static final String CONNECTIONS =
      "envoy.resource_monitors.global_downstream_max_connections";
  private static final String ACTION = "envoy.overload_actions.";

  /** Stacks and code are not in the heap that Envoy counts, but in the container's limit. */
  private static final double HEAP_SHARE = 0.9;

  private Overload() {}

  static OverloadManager of(SidecarSettings.Budget budget) {
    var heap =
        FixedHeapConfig.newBuilder()
            .setMaxHeapSizeBytes((long) (budget.memoryBytes() * HEAP_SHARE))
            .build();
    var connections =
        DownstreamConnectionsConfig.newBuilder()
            .setMaxActiveDownstreamConnections(budget.connections())
            .build();
    return OverloadManager.newBuilder()
        .setRefreshInterval(Durations.millis(250))
        .addResourceMonitors(monitor(HEAP, "fixed_heap.v3.FixedHeapConfig", heap))
        .addResourceMonitors(
            monitor(
                CONNECTIONS, "downstream_connections.v3.DownstreamConnectionsConfig", connections))
        .addActions(whenHeapIsAt(0.90, "shrink_heap"))
        .addActions(whenHeapIsAt(0.92, "disable_http_keepalive"))
        .addActions(whenHeapIsAt(0.95, "stop_accepting_requests"))
        .addActions(whenHeapIsAt(0.98, "stop_accepting_connections"))
        .build();
  }

  private static ResourceMonitor monitor(String name, String type, Message config) {
    return ResourceMonitor.newBuilder()
        .setName(name)
        .setTypedConfig(TypedConfig.of("envoy.extensions.resource_monitors." + type, config))
        .build();
  }

  private static OverloadAction whenHeapIsAt(double share, String action) {
    return OverloadAction.newBuilder()
        .setName(ACTION + action)
        .addTriggers(
            Trigger.newBuilder()
                .setName(HEAP)
                .setThreshold(ThresholdTrigger.newBuilder().setValue(share)))
        .build();
  }
}
