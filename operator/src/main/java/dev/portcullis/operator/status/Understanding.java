package dev.portcullis.operator.status;

import dev.portcullis.operator.resolve.Problem;
import java.util.List;

/** Whether the operator knows what a policy asks for. */
public sealed interface Understanding {

  /** Resolved without a problem. */
  record Understood() implements Understanding {}

  /** It cannot be enforced as it is written; {@code problems} is never empty. */
  record Refused(List<Problem> problems) implements Understanding {
    public Refused {
      problems = List.copyOf(problems);
    }
  }

  /** It could not be read or worked on at all. */
  record Failed(String message) implements Understanding {}
}
