package dev.portcullis.operator.resolve;

import dev.portcullis.operator.intent.BackendIntent;
import java.util.List;

/** What became of a policy. */
public sealed interface Resolution {

  /** It is understood and complete. */
  record Resolved(BackendIntent intent) implements Resolution {}

  /** It cannot be enforced; {@code problems} is never empty. */
  record Unresolved(List<Problem> problems) implements Resolution {
    public Unresolved {
      problems = List.copyOf(problems);
    }
  }
}
