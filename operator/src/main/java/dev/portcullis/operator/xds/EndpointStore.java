package dev.portcullis.operator.xds;

import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where backends are at this moment, by the name that clusters give it, and who waits for it to
 * change. A change touches the watches of its name, nothing else.
 */
final class EndpointStore {

  /** Present while it has content or watches. */
  private static final class Place {
    volatile Content content;
    final Set<ResourceStore.Watch> watches = ConcurrentHashMap.newKeySet(2);

    Place orNothing() {
      return content == null && watches.isEmpty() ? null : this;
    }
  }

  private final ConcurrentHashMap<String, Place> places = new ConcurrentHashMap<>();

  void put(ClusterLoadAssignment endpoints) {
    var content = Content.of(ResourceType.ENDPOINT, endpoints.getClusterName(), endpoints);
    var changed =
        places.compute(
            content.name(),
            (name, present) -> {
              var place = present == null ? new Place() : present;
              place.content = content;
              return place;
            });
    changed.watches.forEach(ResourceStore.Watch::changed);
  }

  void remove(String name) {
    places.computeIfPresent(
        name,
        (ignored, place) -> {
          place.content = null;
          return place.orNothing();
        });
  }

  /** Those of these that are known. */
  Map<String, Content> of(Set<String> names) {
    if (names.isEmpty()) {
      return Map.of();
    }
    var contents = HashMap.<String, Content>newHashMap(names.size());
    for (var name : names) {
      var place = places.get(name);
      var content = place == null ? null : place.content;
      if (content != null) {
        contents.put(name, content);
      }
    }
    return contents;
  }

  /** A change after this returns reaches the watch; read {@link #of} afterwards. */
  void watch(String name, ResourceStore.Watch watch) {
    places.compute(
        name,
        (ignored, present) -> {
          var place = present == null ? new Place() : present;
          place.watches.add(watch);
          return place;
        });
  }

  void unwatch(String name, ResourceStore.Watch watch) {
    places.computeIfPresent(
        name,
        (ignored, place) -> {
          place.watches.remove(watch);
          return place.orNothing();
        });
  }
}
