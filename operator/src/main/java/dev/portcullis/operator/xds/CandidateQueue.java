package dev.portcullis.operator.xds;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The candidates that wait, the newest of each group, and the one that is being checked. Guarded by
 * its gate.
 */
final class CandidateQueue {

  private final Map<GroupKey, Candidate> waiting = new LinkedHashMap<>();
  private Candidate checked;

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  void add(Candidate candidate) {
    waiting.put(candidate.group(), candidate);
  }

  /** Takes out what waits or is being checked of a group. */
  List<Candidate> overtake(GroupKey group) {
    var overtaken = new ArrayList<Candidate>(1);
    var next = waiting.remove(group);
    if (next != null) {
      overtaken.add(next);
    }
    if (checked != null && checked.group().equals(group)) {
      overtaken.add(checked);
      checked = null;
    }
    return overtaken;
  }

  /** Moves the first that may be checked from the waiting ones to the one that is. */
  Optional<Candidate> next(Predicate<Candidate> may) {
    var next = waiting.values().stream().filter(may).findFirst();
    next.ifPresent(candidate -> checked = waiting.remove(candidate.group()));
    return next;
  }

  /** Ends a check. False when something overtook the candidate meanwhile. */
  boolean release(Candidate candidate) {
    var current = checked == candidate;
    checked = null;
    return current;
  }

  /** Takes out all that wait. */
  List<Candidate> drain() {
    var all = List.copyOf(waiting.values());
    waiting.clear();
    return all;
  }
}
