package dev.portcullis.operator.intent;

import dev.portcullis.operator.intent.Caller.Origin;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether an edit takes from somebody the right to call.
 *
 * <p>It does where an identity had a place to call from and has not any more: anywhere in the
 * policy, or for a method of a path that is still known. A path that goes takes no caller away, nor
 * does any limit. What cannot be compared counts as taken away.
 */
public record Tightening(BackendIntent before, BackendIntent after) {

  /** An identity at a place. */
  private record Admission(SpiffeId identity, Origin origin) {

    boolean isCoveredBy(Admission other) {
      return identity.equals(other.identity) && covers(other.origin, origin);
    }
  }

  public boolean takesAnything() {
    return isTaken(before.callers(), after.callers())
        || before.routes().stream().anyMatch(this::isTakenOn);
  }

  private boolean isTakenOn(Route old) {
    return old.methods().stream()
        .anyMatch(
            method ->
                after.routes().stream()
                    .filter(route -> route.path().equals(old.path()))
                    .filter(route -> route.methods().contains(method))
                    .findFirst()
                    .filter(route -> isTaken(old.callers(), route.callers()))
                    .isPresent());
  }

  private static boolean isTaken(List<Caller> before, List<Caller> after) {
    return admissions(before).anyMatch(old -> admissions(after).noneMatch(old::isCoveredBy));
  }

  private static Stream<Admission> admissions(List<Caller> callers) {
    return callers.stream()
        .flatMap(
            caller -> caller.identities().stream().map(id -> new Admission(id, caller.origin())));
  }

  private static boolean covers(Origin wider, Origin narrower) {
    return switch (wider) {
      case Origin.Anywhere() -> true;
      case Origin.Pods pods ->
          narrower instanceof Origin.Pods old
              && covers(pods.namespaces(), old.namespaces())
              && covers(pods.pods(), old.pods());
      case Origin.LocalPods(var pods) ->
          narrower instanceof Origin.LocalPods(var old) && covers(pods, old);
      case Origin.Addresses addresses ->
          narrower instanceof Origin.Addresses old && covers(addresses, old);
    };
  }

  /** Each requirement selects fewer pods. */
  private static boolean covers(PodSelector wider, PodSelector narrower) {
    return narrower.matchLabels().entrySet().containsAll(wider.matchLabels().entrySet())
        && narrower.matchExpressions().containsAll(wider.matchExpressions());
  }

  /** A hole of the wider one hurts only where the narrower one has none. */
  private static boolean covers(Origin.Addresses wider, Origin.Addresses narrower) {
    var old = blocks(narrower.cidrs());
    return old.stream().allMatch(block -> isInside(block, blocks(wider.cidrs())))
        && blocks(wider.except()).stream()
            .filter(hole -> isInside(hole, old))
            .allMatch(hole -> isInside(hole, blocks(narrower.except())));
  }

  private static List<Cidr> blocks(List<String> cidrs) {
    return cidrs.stream().map(Cidr::parse).toList();
  }

  private static boolean isInside(Cidr block, List<Cidr> others) {
    return others.stream().anyMatch(other -> other.contains(block));
  }
}
