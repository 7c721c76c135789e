package dev.portcullis.operator.xds;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * All that one stream subscribes to, type by type, and the order between the types. Guarded by its
 * stream.
 */
final class Subscriptions {

  private final Map<ResourceType, Subscription> byType = new EnumMap<>(ResourceType.class);
  private final Function<ResourceType, Map<String, Refusal>> refusedBefore;

  /** {@code refusedBefore} is asked when the stream first speaks of a type. */
  Subscriptions(Function<ResourceType, Map<String, Refusal>> refusedBefore) {
    this.refusedBefore = refusedBefore;
  }

  /** Follows a request; gives the response that it answers. */
  Optional<Push> take(ResourceType type, DeltaDiscoveryRequest request) {
    var present = byType.get(type);
    if (present == null) {
      byType.put(type, Subscription.open(request, refusedBefore.apply(type)));
      return Optional.empty();
    }
    present.change(request);
    return present.answered(request.getResponseNonce());
  }

  boolean areTooWide() {
    return byType.values().stream().anyMatch(Subscription::isTooWide);
  }

  /**
   * When the oldest response without an answer was sent; {@link Instant#MAX} when there is none.
   */
  Instant waitSince() {
    return byType.values().stream()
        .map(Subscription::waitsSince)
        .min(Instant::compareTo)
        .orElse(Instant.MAX);
  }

  void refused(Push push, String message) {
    byType.get(push.type()).refused(push, message);
  }

  /** What the proxy refuses of a type, by name of the resource. */
  Map<String, Refusal> refusals(ResourceType type) {
    return byType.get(type).refusals();
  }

  /** The next response on the way to {@code wanted}; empty when all is said for now. */
  Optional<Push> next(ResourceSet wanted, Supplier<Push.Stamp> stamp) {
    for (var type : byType.keySet()) {
      var push = byType.get(type).next(wanted.of(type), removals(type, wanted), stamp);
      if (push.isPresent()) {
        return push;
      }
    }
    return Optional.empty();
  }

  /** Lets a new proxy go on that waits for a first answer when there is nothing for it. */
  Optional<Push> nothing(Supplier<Push.Stamp> stamp) {
    for (var subscription : byType.values()) {
      var push = subscription.nothing(stamp);
      if (push.isPresent()) {
        return push;
      }
    }
    return Optional.empty();
  }

  /** Clusters stay until the proxy has taken the listeners and routes that no longer name them. */
  private Subscription.Removals removals(ResourceType type, ResourceSet wanted) {
    return switch (type) {
      case LISTENER, ROUTE -> Subscription.Removals.NOW;
      case CLUSTER ->
          holds(ResourceType.LISTENER, wanted) && holds(ResourceType.ROUTE, wanted)
              ? Subscription.Removals.NOW
              : Subscription.Removals.LATER;
    };
  }

  private boolean holds(ResourceType type, ResourceSet wanted) {
    var subscription = byType.get(type);
    return subscription == null || subscription.holds(wanted.of(type));
  }

  Delivery measure(ResourceSet wanted) {
    var acknowledged = true;
    for (var type : ResourceType.values()) {
      var subscription = byType.get(type);
      if (subscription == null) {
        acknowledged &= wanted.of(type).isEmpty();
        continue;
      }
      for (var content : wanted.of(type).values()) {
        var refusal = subscription.refusal(content);
        if (refusal.isPresent()) {
          return new Delivery.Refused(wanted.version(), content.name(), refusal.get().message());
        }
      }
      acknowledged &= subscription.holds(wanted.of(type));
    }
    return acknowledged
        ? new Delivery.Acknowledged(wanted.version())
        : new Delivery.Pending(wanted.version());
  }
}
