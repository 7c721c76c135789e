package dev.portcullis.operator.xds;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What one stream wants of one type, and what its proxy was told of it. Holds at most one
 * unanswered response; changes that come meanwhile merge into the next. Guarded by its stream.
 */
final class Subscription {

  /** More names than any proxy of ours has; a stream that wants more is ended. */
  static final int MOST_NAMES = 1_000;

  private static final String WILDCARD = "*";

  /** Of a resource that the proxy refused: no telling which version it runs. */
  private static final String UNKNOWN = "";

  private final ResourceType type;
  private boolean wildcard;
  private boolean waitsForFirstAnswer;
  private final Set<String> names = new HashSet<>();
  private final Map<String, String> told = new HashMap<>();
  private Push unanswered;

  private Subscription(ResourceType type) {
    this.type = type;
  }

  /**
   * From the first request of a type on a stream. What the proxy says it holds from an earlier
   * stream counts as told.
   */
  static Subscription open(DeltaDiscoveryRequest first) {
    var subscription = new Subscription(ResourceType.of(first.getTypeUrl()).orElseThrow());
    subscription.wildcard =
        subscription.type.hasWildcard()
            && (first.getResourceNamesSubscribeCount() == 0
                || first.getResourceNamesSubscribeList().contains(WILDCARD));
    subscription.names.addAll(first.getResourceNamesSubscribeList());
    subscription.told.putAll(first.getInitialResourceVersionsMap());
    subscription.waitsForFirstAnswer = subscription.wildcard && subscription.told.isEmpty();
    return subscription;
  }

  /** A later request: what it subscribes to is sent even if it was told before, as xDS asks. */
  void change(DeltaDiscoveryRequest request) {
    for (var name : request.getResourceNamesUnsubscribeList()) {
      wildcard &= !name.equals(WILDCARD);
      names.remove(name);
      told.remove(name);
    }
    for (var name : request.getResourceNamesSubscribeList()) {
      wildcard |= type.hasWildcard() && name.equals(WILDCARD);
      names.add(name);
      told.remove(name);
    }
  }

  boolean isTooWide() {
    return names.size() > MOST_NAMES || told.size() > MOST_NAMES;
  }

  /** Takes the answer with this nonce; empty when nothing with this nonce waits for one. */
  Optional<Push> answered(String nonce) {
    if (unanswered == null || !unanswered.stamp().nonce().equals(nonce)) {
      return Optional.empty();
    }
    var push = unanswered;
    unanswered = null;
    return Optional.of(push);
  }

  /** When the response that waits for its answer was sent; {@link Instant#MAX} when none does. */
  Instant waitsSince() {
    return unanswered == null ? Instant.MAX : unanswered.stamp().sent();
  }

  /** These are told again even if they did not change. */
  void repeat(Collection<String> again) {
    told.keySet().removeAll(again);
  }

  /**
   * A refused response may have taken effect in part: what it was about is told again. Not so
   * endpoints: there is nothing to go back to, and the next ones are on their way.
   */
  void refused(Push push, String message) {
    if (!type.isConfiguration()) {
      return;
    }
    push.meantBy(message)
        .forEach(content -> told.computeIfPresent(content.name(), (name, version) -> UNKNOWN));
  }

  /** The next response to send, remembered as unanswered; empty when there is nothing to say. */
  Optional<Push> next(Wanted all, Removals removals, Supplier<Push.Stamp> stamp) {
    if (unanswered != null) {
      return Optional.empty();
    }
    var wanted = all.of(type);
    var contents = changed(wanted);
    var removed = removals == Removals.NOW ? superfluous(wanted) : List.<String>of();
    if (contents.isEmpty() && removed.isEmpty() && !waitsForFirstAnswer) {
      return Optional.empty();
    }
    return Optional.of(tell(new Push(stamp.get(), type, all.set(), contents, removed)));
  }

  /** Lets a new proxy go on when there is nothing for it: it waits for this answer at start. */
  Optional<Push> nothing(Supplier<Push.Stamp> stamp) {
    if (!waitsForFirstAnswer) {
      return Optional.empty();
    }
    return Optional.of(
        tell(new Push(stamp.get(), type, ResourceSet.NOTHING, List.of(), List.of())));
  }

  private Push tell(Push push) {
    waitsForFirstAnswer = false;
    unanswered = push;
    push.contents().forEach(content -> told.put(content.name(), content.version()));
    push.removed().forEach(told::remove);
    return push;
  }

  private List<Content> changed(Map<String, Content> wanted) {
    var changed = new ArrayList<Content>(1);
    for (var content : wanted.values()) {
      if (changed.size() < type.perResponse() && isSubscribed(content.name()) && !isTold(content)) {
        changed.add(content);
      }
    }
    return changed;
  }

  private List<String> superfluous(Map<String, Content> wanted) {
    if (wanted.keySet().containsAll(told.keySet())) {
      return List.of();
    }
    return told.keySet().stream().filter(name -> !wanted.containsKey(name)).sorted().toList();
  }

  private boolean isSubscribed(String name) {
    return wildcard || names.contains(name);
  }

  private boolean isTold(Content content) {
    return content.version().equals(told.get(content.name()));
  }

  /** The proxy answered for all that it subscribes to of this; it may hold more. */
  boolean took(Wanted all) {
    for (var content : all.of(type).values()) {
      if (isSubscribed(content.name()) && !isTold(content)) {
        return false;
      }
    }
    return unanswered == null;
  }

  /** The proxy answered for exactly these contents and holds no others. */
  boolean holds(Map<String, Content> wanted) {
    for (var content : wanted.values()) {
      if (!isTold(content)) {
        return false;
      }
    }
    return unanswered == null && superfluous(wanted).isEmpty();
  }

  /** Whether a resource that is no longer wanted is removed now or kept until others let it go. */
  enum Removals {
    NOW,
    LATER
  }
}
