package dev.portcullis.operator.status;

import dev.portcullis.operator.resolve.Problem;
import java.util.List;

/** Whether the operator knows what a policy asks for. */
public sealed interface Understanding {

  /** Resolved without a problem; {@code doubts} are sentences about what is hardly meant. */
  record Understood(List<String> doubts) implements Understanding {
    public Understood {
      doubts = List.copyOf(doubts);
    }

    /** Without a doubt. */
    public Understood() {
      this(List.of());
    }
  }

  /** It cannot be enforced as it is written; {@code problems} is never empty. */
  record Refused(List<Problem> problems) implements Understanding {
    public Refused {
      problems = List.copyOf(problems);
    }
  }

  /** It could not be read or worked on at all. */
  record Failed(String message) implements Understanding {}
}
