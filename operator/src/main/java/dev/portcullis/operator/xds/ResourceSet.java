package dev.portcullis.operator.xds;

import dev.portcullis.operator.envoy.EnvoyResources;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that the proxies of one group shall run. Immutable.
 *
 * @param version of the whole, as the translation gave it
 */
record ResourceSet(
    String version,
    Map<String, Content> clusters,
    Map<String, Content> listeners,
    Map<String, Content> routes) {

  /** For a proxy that there is nothing for. */
  static final ResourceSet NOTHING = new ResourceSet("", Map.of(), Map.of(), Map.of());

  static ResourceSet of(EnvoyResources resources) {
    var listener = resources.listener();
    var routes = resources.routes();
    return new ResourceSet(
        resources.version(),
        byName(resources.clusters().stream().map(ResourceSet::content).toList()),
        byName(List.of(Content.of(ResourceType.LISTENER, listener.getName(), listener))),
        byName(List.of(Content.of(ResourceType.ROUTE, routes.getName(), routes))));
  }

  /** Clusters alone. */
  static ResourceSet ofClusters(String version, List<Cluster> clusters) {
    var contents = clusters.stream().map(ResourceSet::content).toList();
    return new ResourceSet(version, byName(contents), Map.of(), Map.of());
  }

  Map<String, Content> of(ResourceType type) {
    return switch (type) {
      case CLUSTER -> clusters;
      case LISTENER -> listeners;
      case ROUTE -> routes;
    };
  }

  private static Content content(Cluster cluster) {
    return Content.of(ResourceType.CLUSTER, cluster.getName(), cluster);
  }

  private static Map<String, Content> byName(Collection<Content> contents) {
    var byName = LinkedHashMap.<String, Content>newLinkedHashMap(contents.size());
    contents.forEach(content -> byName.put(content.name(), content));
    return Collections.unmodifiableMap(byName);
  }
}
