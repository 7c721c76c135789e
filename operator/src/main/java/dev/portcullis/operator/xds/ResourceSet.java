package dev.portcullis.operator.xds;

import dev.portcullis.operator.envoy.EnvoyResources;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * All that the proxies of one group shall run. Immutable.
 *
 * @param version of the whole, as the translation gave it
 * @param endpoints names of the endpoints that clusters ask for, by cluster
 */
record ResourceSet(
    String version,
    Map<String, Content> clusters,
    Map<String, Content> listeners,
    Map<String, Content> routes,
    Map<String, String> endpoints) {

  /** For a proxy that there is nothing for. */
  static final ResourceSet NOTHING = new ResourceSet("", Map.of(), Map.of(), Map.of(), Map.of());

  static ResourceSet of(EnvoyResources resources) {
    return new ResourceSet(
        resources.version(),
        byName(resources.clusters().stream().map(ResourceSet::content).toList()),
        byName(resources.listeners().map(ResourceSet::content).toList()),
        byName(resources.routeTables().map(ResourceSet::content).toList()),
        endpointsOf(resources.clusters()));
  }

  /** Clusters alone. */
  static ResourceSet ofClusters(String version, List<Cluster> clusters) {
    var contents = clusters.stream().map(ResourceSet::content).toList();
    return new ResourceSet(version, byName(contents), Map.of(), Map.of(), endpointsOf(clusters));
  }

  /** None of endpoints and token buckets: those are no part of a configuration. */
  Map<String, Content> of(ResourceType type) {
    return switch (type) {
      case CLUSTER -> clusters;
      case ENDPOINT, TOKEN_BUCKET -> Map.of();
      case LISTENER -> listeners;
      case ROUTE -> routes;
    };
  }

  private static Content content(Cluster cluster) {
    return Content.of(ResourceType.CLUSTER, cluster.getName(), cluster);
  }

  private static Content content(Listener listener) {
    return Content.of(ResourceType.LISTENER, listener.getName(), listener);
  }

  private static Content content(RouteConfiguration routes) {
    return Content.of(ResourceType.ROUTE, routes.getName(), routes);
  }

  private static Map<String, String> endpointsOf(List<Cluster> clusters) {
    return clusters.stream()
        .filter(Cluster::hasEdsClusterConfig)
        .collect(
            Collectors.toUnmodifiableMap(
                Cluster::getName, cluster -> cluster.getEdsClusterConfig().getServiceName()));
  }

  private static Map<String, Content> byName(Collection<Content> contents) {
    var byName = LinkedHashMap.<String, Content>newLinkedHashMap(contents.size());
    contents.forEach(content -> byName.put(content.name(), content));
    return Collections.unmodifiableMap(byName);
  }
}
