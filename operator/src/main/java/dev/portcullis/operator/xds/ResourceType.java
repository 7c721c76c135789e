package dev.portcullis.operator.xds;

import io.envoyproxy.controlplane.cache.Resources;
import java.util.List;
import java.util.Optional;

/**
 * The kinds of resources that are served, in the order in which a proxy must learn of a change:
 * what is referred to before what refers to it.
 */
enum ResourceType {
  CLUSTER(Resources.V3.CLUSTER_TYPE_URL, Integer.MAX_VALUE),
  ENDPOINT(Resources.V3.ENDPOINT_TYPE_URL, Integer.MAX_VALUE),
  LISTENER(Resources.V3.LISTENER_TYPE_URL, Integer.MAX_VALUE),
  ROUTE(Resources.V3.ROUTE_TYPE_URL, 1),
  TOKEN_BUCKET("type.googleapis.com/envoy.type.v3.TokenBucket", Integer.MAX_VALUE);

  /**
   * What a configuration is made of. Endpoints are facts beside it, and change without it; token
   * buckets are the same for all.
   */
  static final List<ResourceType> CONFIGURATION = List.of(CLUSTER, LISTENER, ROUTE);

  private final String typeUrl;

  /**
   * Resources per response. One where a proxy's refusal does not say which resource it means, so
   * that the nonce says it.
   */
  private final int perResponse;

  ResourceType(String typeUrl, int perResponse) {
    this.typeUrl = typeUrl;
    this.perResponse = perResponse;
  }

  String typeUrl() {
    return typeUrl;
  }

  int perResponse() {
    return perResponse;
  }

  boolean isConfiguration() {
    return CONFIGURATION.contains(this);
  }

  /** Clusters and listeners may be subscribed to as a whole; the others only by name. */
  boolean hasWildcard() {
    return switch (this) {
      case CLUSTER, LISTENER -> true;
      case ENDPOINT, ROUTE, TOKEN_BUCKET -> false;
    };
  }

  /** Empty for a kind that nobody is served. */
  static Optional<ResourceType> of(String typeUrl) {
    for (var type : values()) {
      if (type.typeUrl.equals(typeUrl)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
