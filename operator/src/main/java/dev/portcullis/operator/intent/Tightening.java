package dev.portcullis.operator.intent;

import dev.portcullis.operator.intent.Caller.Origin;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether an edit takes from somebody the right to call.
 *
 * <p>It does where an identity, ours or a foreign CA's, had a place to call from and has not any
 * more: anywhere in the policy, or for a method of a path that is still known; and where something
 * denied nothing and is enforced now; and where another place is blocked. A path that goes takes no
 * caller away, nor does any limit. What cannot be compared counts as taken away.
 *
 * <p>It says nothing of what was found where a foreign CA and its CRLs are kept: that is no edit,
 * and the chain that holds it becomes another one by itself.
 */
public record Tightening(BackendIntent before, BackendIntent after) {

  /** What a caller shows. */
  private sealed interface Identity {

    record OfMesh(SpiffeId id) implements Identity {}

    record FromOutside(Trust trust, SubjectName name) implements Identity {}
  }

  /** An identity at a place. */
  private record Admission(Identity identity, Origin origin) {

    boolean isCoveredBy(Admission other) {
      return covers(other.identity, identity) && covers(other.origin, origin);
    }
  }

  public boolean takesAnything() {
    return isTaken(before.callers(), after.callers())
        || before.routes().stream().anyMatch(this::isTakenOn)
        || isAnythingEnforcedAgain()
        || before
            .blocked()
            .orElse(Blocked.NOBODY)
            .isWidenedBy(after.blocked().orElse(Blocked.NOBODY));
  }

  /** What denied nothing let everybody in. */
  private boolean isAnythingEnforcedAgain() {
    return (before.isShadowed() && !after.isShadowed())
        || before.routes().stream().filter(before::isShadowed).anyMatch(this::isEnforcedNow);
  }

  private boolean isEnforcedNow(Route old) {
    return old.methods().stream()
        .anyMatch(
            method -> successor(old, method).filter(next -> !after.isShadowed(next)).isPresent());
  }

  private boolean isTakenOn(Route old) {
    return old.methods().stream()
        .anyMatch(
            method ->
                successor(old, method)
                    .filter(route -> isTaken(old.callers(), route.callers()))
                    .isPresent());
  }

  /** Of the same kind where there is one: a path may have a route for WebSockets and another. */
  private Optional<Route> successor(Route old, String method) {
    return after.routes().stream()
        .filter(route -> route.path().equals(old.path()))
        .filter(route -> route.methods().contains(method))
        .min(Comparator.comparing(route -> route.exchange() != old.exchange()));
  }

  private static boolean isTaken(List<Caller> before, List<Caller> after) {
    return admissions(before).anyMatch(old -> admissions(after).noneMatch(old::isCoveredBy));
  }

  private static Stream<Admission> admissions(List<Caller> callers) {
    return callers.stream()
        .flatMap(caller -> identities(caller).map(id -> new Admission(id, caller.origin())));
  }

  private static Stream<Identity> identities(Caller caller) {
    return Stream.concat(
        caller.identities().stream().map(Identity.OfMesh::new),
        caller.outside().stream()
            .flatMap(
                outside ->
                    outside.names().stream()
                        .map(name -> new Identity.FromOutside(outside.trust(), name))));
  }

  private static boolean covers(Identity wider, Identity narrower) {
    return switch (wider) {
      case Identity.OfMesh ours -> ours.equals(narrower);
      case Identity.FromOutside(var trust, var name) ->
          narrower instanceof Identity.FromOutside(var old, var oldName)
              && name.equals(oldName)
              && covers(trust, old);
    };
  }

  /** By other files it may be another CA; by another server name it is another entrance. */
  private static boolean covers(Trust wider, Trust narrower) {
    return wider.source().equals(narrower.source())
        && wider.serverNames().isEmpty() == narrower.serverNames().isEmpty()
        && wider.serverNames().containsAll(narrower.serverNames());
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
