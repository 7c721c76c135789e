package dev.portcullis.operator.xds;

import dev.portcullis.operator.envoy.LineBucket;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What one proxy shall hold at this moment.
 *
 * @param endpoints those that the set names, by name, as far as they are known
 */
record Wanted(ResourceSet set, Map<String, Content> endpoints) {

  /** For a proxy that there is nothing for, but what all may have. */
  static final Wanted NOTHING = new Wanted(ResourceSet.NOTHING, Map.of());

  private static final Map<String, Content> TOKEN_BUCKETS =
      Arrays.stream(LineBucket.values())
          .map(each -> Content.of(ResourceType.TOKEN_BUCKET, each.resource(), each.bucket()))
          .collect(Collectors.toUnmodifiableMap(Content::name, Function.identity()));

  Map<String, Content> of(ResourceType type) {
    return switch (type) {
      case CLUSTER, LISTENER, ROUTE -> set.of(type);
      case ENDPOINT -> endpoints;
      case TOKEN_BUCKET -> TOKEN_BUCKETS;
    };
  }
}
