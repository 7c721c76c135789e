package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.Caller.Origin;
import dev.portcullis.operator.intent.Outside;
import dev.portcullis.operator.intent.Trust;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * One way into the gate: a filter chain, whose certificates one CA signs. Which one a connection
 * takes is the client's to choose, so nothing that one entrance grants may count at another.
 */
sealed interface Entrance {

  /** For those that this installation's CA vouches for, and for all who belong nowhere else. */
  record OfMesh() implements Entrance {}

  /**
   * For the callers of one foreign CA.
   *
   * @param networks that connections must come from; empty for every place
   * @param admitted callers and their names, as text
   */
  record FromOutside(Trust trust, List<String> networks, List<String> admitted)
      implements Entrance {

    String name() {
      return "outside:" + trust.name();
    }
  }

  /** Those whose CA can be used, in the callers' order; of the others nobody gets in. */
  static List<FromOutside> fromOutside(BackendIntent intent) {
    var callers = new LinkedHashMap<Trust, List<Caller>>();
    for (var caller : intent.callers()) {
      caller
          .outside()
          .map(Outside::trust)
          .filter(trust -> trust.material() instanceof Trust.Material.Usable)
          .ifPresent(trust -> callers.computeIfAbsent(trust, t -> new ArrayList<>()).add(caller));
    }
    return callers.entrySet().stream()
        .map(
            entry ->
                new FromOutside(
                    entry.getKey(), networks(entry.getValue()), admitted(entry.getValue())))
        .toList();
  }

  private static List<String> admitted(List<Caller> callers) {
    return callers.stream()
        .flatMap(
            caller ->
                caller.outside().stream()
                    .flatMap(outside -> outside.names().stream())
                    .map(name -> caller.name() + "/" + name))
        .sorted()
        .toList();
  }

  /** Whether it takes a look at the handshake to choose; the same whatever the CAs' state. */
  static boolean dependsOnServerNames(BackendIntent intent) {
    return intent.callers().stream()
        .flatMap(caller -> caller.outside().stream())
        .anyMatch(outside -> !outside.trust().serverNames().isEmpty());
  }

  private static List<String> networks(List<Caller> callers) {
    return callers.stream().allMatch(caller -> caller.origin() instanceof Origin.Addresses)
        ? callers.stream()
            .map(caller -> (Origin.Addresses) caller.origin())
            .flatMap(addresses -> addresses.cidrs().stream())
            .distinct()
            .toList()
        : List.of();
  }
}
