package dev.portcullis.operator.resolve;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong while a policy is read, so that the user hears everything at once. */
final class Problems {

  private final List<Problem> found = new ArrayList<>();

  void invalid(String field, String message) {
    found.add(new Problem(field, Problem.Reason.Invalid, message));
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  List<Problem> found() {
    return List.copyOf(found);
  }
}
