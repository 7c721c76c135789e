package dev.portcullis.operator.xds;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * All that one stream subscribes to, type by type, and the order between the types. Guarded by its
 * stream.
 */
final class Subscriptions {

  private static final ResourceType[] TYPES = ResourceType.values();

  private final Map<ResourceType, Subscription> byType = new EnumMap<>(ResourceType.class);

  /** Nothing was asked for yet. */
  boolean isEmpty() {
    return byType.isEmpty();
  }

  /** Follows a request; gives the response that it answers. */
  Optional<Push> take(ResourceType type, DeltaDiscoveryRequest request) {
    var present = byType.get(type);
    if (present == null) {
      byType.put(type, Subscription.open(request));
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

  /**
   * The next response on the way to {@code wanted}; empty when all is said for now. What refers to
   * another resource comes after that was taken, so that a refusal leaves it as it was.
   */
  Optional<Push> next(Wanted wanted, Supplier<Push.Stamp> stamp) {
    return tokenBuckets(wanted, stamp).or(() -> inOrder(wanted, stamp));
  }

  /** Behind nothing: until it has them, Envoy holds back the listener, and all on its start. */
  private Optional<Push> tokenBuckets(Wanted wanted, Supplier<Push.Stamp> stamp) {
    return next(ResourceType.TOKEN_BUCKET, wanted, stamp);
  }

  private Optional<Push> inOrder(Wanted wanted, Supplier<Push.Stamp> stamp) {
    for (var type : TYPES) {
      var push = next(type, wanted, stamp);
      if (push.isPresent() || !took(type, wanted)) {
        return type == ResourceType.CLUSTER ? push.or(() -> endpoints(wanted, stamp)) : push;
      }
    }
    return Optional.empty();
  }

  /** Envoy acknowledges clusters only when it has their endpoints. */
  private Optional<Push> endpoints(Wanted wanted, Supplier<Push.Stamp> stamp) {
    return next(ResourceType.ENDPOINT, wanted, stamp);
  }

  private Optional<Push> next(ResourceType type, Wanted wanted, Supplier<Push.Stamp> stamp) {
    var subscription = byType.get(type);
    if (subscription == null) {
      return Optional.empty();
    }
    var push = subscription.next(wanted, removals(type, wanted.set()), stamp);
    push.ifPresent(this::repeatEndpoints);
    return push;
  }

  private boolean took(ResourceType type, Wanted wanted) {
    var subscription = byType.get(type);
    return subscription == null || subscription.took(wanted);
  }

  /** A cluster that changed waits for its endpoints, even for those that it had before. */
  private void repeatEndpoints(Push push) {
    var endpoints = byType.get(ResourceType.ENDPOINT);
    if (push.type() == ResourceType.CLUSTER && endpoints != null) {
      endpoints.repeat(push.endpoints());
    }
  }

  /** Lets a new proxy go on that waits for a first answer when there is nothing for it. */
  Optional<Push> nothing(Supplier<Push.Stamp> stamp) {
    var buckets = tokenBuckets(Wanted.NOTHING, stamp);
    if (buckets.isPresent()) {
      return buckets;
    }
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
      // Endpoints go with their cluster; token buckets never do.
      case ENDPOINT, TOKEN_BUCKET -> Subscription.Removals.LATER;
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

  /** The proxy acknowledged all of this set and holds nothing else. */
  boolean hold(ResourceSet set) {
    for (var type : ResourceType.CONFIGURATION) {
      var subscription = byType.get(type);
      var contents = set.of(type);
      if (subscription == null ? !contents.isEmpty() : !subscription.holds(contents)) {
        return false;
      }
    }
    return true;
  }
}
