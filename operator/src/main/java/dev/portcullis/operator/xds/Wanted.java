package dev.portcullis.operator.xds;

import java.util.Map;

/**
 * What one proxy shall hold at this moment.
 *
 * @param endpoints those that the set names, by name, as far as they are known
 */
record Wanted(ResourceSet set, Map<String, Content> endpoints) {

  Map<String, Content> of(ResourceType type) {
    return switch (type) {
      case CLUSTER, LISTENER, ROUTE -> set.of(type);
      case ENDPOINT -> endpoints;
    };
  }
}
