package dev.portcullis.operator.envoy;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.List;

/**
 * Everything that the sidecars of one backend run, sorted and byte-stable: equal intents give equal
 * bytes.
 *
 * @param version 128-bit content hash of all of it, in hex. The sidecar answers it on {@code
 *     ProbePaths.SERVED_VERSION} to the operator's identity, so that what is served can be measured
 */
public record EnvoyResources(
    String version, Listener listener, RouteConfiguration routes, List<Cluster> clusters) {

  public EnvoyResources {
    clusters = List.copyOf(clusters);
  }
}
