package dev.portcullis.operator.status;

import java.util.List;

/** Whether what a policy refers to outside of itself can be used. */
public sealed interface References {

  /** It refers to nothing. */
  record None() implements References {}

  record Usable() implements References {}

  /** Some cannot; what hangs on them is closed. {@code faults} is never empty. */
  record Unusable(List<Fault> faults) implements References {
    public Unusable {
      faults = List.copyOf(faults);
    }
  }

  /**
   * One that cannot be used.
   *
   * @param field path below the object, such as {@code spec.callers[1].trust}
   * @param reason one word for programs
   * @param message a sentence
   */
  record Fault(String field, String reason, String message) {}
}
