package dev.portcullis.operator.resolve;

import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.Caller.Origin;
import dev.portcullis.operator.intent.Cidr;
import dev.portcullis.operator.intent.Outside;
import dev.portcullis.operator.intent.Trust;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/**
 * Before the handshake a connection must belong to one trust, or to the mesh: by the server name
 * that it asks for, or else by its network.
 */
final class TrustOverlaps {

  static void requireNone(List<Caller> callers, At at) {
    for (var later = 1; later < callers.size(); later++) {
      for (var earlier = 0; earlier < later; earlier++) {
        requireApart(callers.get(earlier), callers.get(later), at.item(later));
      }
    }
    requireOwnServerNames(callers, at);
  }

  private static void requireApart(Caller earlier, Caller later, At at) {
    if (trustOf(earlier).equals(trustOf(later))
        || !(earlier.origin() instanceof Origin.Addresses(var cidrs, _))
        || !(later.origin() instanceof Origin.Addresses(var others, _))
        || hasServerNames(earlier)
        || hasServerNames(later)) {
      return;
    }
    for (var index = 0; index < others.size(); index++) {
      for (var cidr : cidrs) {
        if (overlap(cidr, others.get(index))) {
          at.field("from")
              .field("cidrs")
              .item(index)
              .invalid(
                  "Choose networks outside of %s, which caller '%s' has: their certificates come"
                      + " from different CAs. Or tell one of them by trust.serverNames.",
                  cidr, earlier.name());
        }
      }
    }
  }

  private static void requireOwnServerNames(List<Caller> callers, At at) {
    var owners = new HashMap<String, Trust>();
    for (var index = 0; index < callers.size(); index++) {
      var names = at.item(index).field("trust").field("serverNames");
      trustOf(callers.get(index))
          .ifPresent(
              trust ->
                  trust.serverNames().stream()
                      .filter(name -> !trust.equals(owners.computeIfAbsent(name, n -> trust)))
                      .forEach(
                          name ->
                              names.invalid(
                                  "Use '%s' for one trust only: the same Secrets and the same"
                                      + " server names.",
                                  name)));
    }
  }

  private static Optional<Trust> trustOf(Caller caller) {
    return caller.outside().map(Outside::trust);
  }

  private static boolean hasServerNames(Caller caller) {
    return trustOf(caller).filter(trust -> !trust.serverNames().isEmpty()).isPresent();
  }

  private static boolean overlap(String one, String other) {
    try {
      var network = Cidr.parse(one);
      var another = Cidr.parse(other);
      return network.contains(another) || another.contains(network);
    } catch (IllegalArgumentException noCidr) {
      return true;
    }
  }

  private TrustOverlaps() {}
}
