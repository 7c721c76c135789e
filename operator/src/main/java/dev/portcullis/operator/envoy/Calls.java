package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Call;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.List;

/** The application's ways to other backends: for each a port of loopback, routes and a cluster. */
final class Calls {

  /** Of the call's routes and cluster alike. */
  static String name(Call call) {
    return "call/" + call.name();
  }

  /**
   * Another port is another listener: Envoy removes listeners before it adds any, but moves none to
   * a port that another one is about to leave.
   */
  static String listenerName(Call call) {
    return name(call) + "/" + call.localPort();
  }

  static EnvoyResources.Calls of(BackendIntent intent) {
    return new EnvoyResources.Calls(
        intent.calls().stream().map(call -> CallListener.of(intent, call)).toList(),
        intent.calls().stream().map(CallRoutes::of).toList());
  }

  static List<Cluster> clusters(BackendIntent intent) {
    return intent.calls().stream().map(call -> CallCluster.of(intent, call)).toList();
  }

  private Calls() {}
}
