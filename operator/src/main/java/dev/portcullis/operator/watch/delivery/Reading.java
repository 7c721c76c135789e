package dev.portcullis.operator.watch.delivery;

import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.resolve.Problem;
import java.util.List;

/** What the operator understood of a policy. */
public sealed interface Reading {

  record Understood(BackendIntent intent) implements Reading {}

  /** It contradicts itself, or another policy has precedence. */
  record Refused(List<Problem> problems) implements Reading {
    public Refused {
      problems = List.copyOf(problems);
    }
  }

  /** It could not be read, or working on it failed; told in full sentences. */
  record Failed(String message) implements Reading {}
}
