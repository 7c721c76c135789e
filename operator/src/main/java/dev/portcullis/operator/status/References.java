package dev.portcullis.operator.status;

import java.util.List;

/** Whether what a policy refers to outside of itself can be used. */
public sealed interface References {

  /** It refers to nothing. */
  record None() implements References {}

  /** All of them; {@code late} are those that could not be read anew, and count as they were. */
  record Usable(List<Fault> late) implements References {
    public Usable {
      late = List.copyOf(late);
    }

    /** As they are now. */
    public Usable() {
      this(List.of());
    }
  }

  /** Some cannot; what hangs on them is closed. {@code faults} is never empty. */
  record Unusable(List<Fault> faults, List<Fault> late) implements References {
    public Unusable {
      faults = List.copyOf(faults);
      late = List.copyOf(late);
    }

    /** The others as they are now. */
    public Unusable(List<Fault> faults) {
      this(faults, List.of());
    }
  }

  /** Those that count as they were. */
  default List<Fault> late() {
    return List.of();
  }

  /**
   * One that cannot be used, or not be read anew.
   *
   * @param field path below the object, such as {@code spec.callers[1].trust}
   * @param reason one word for programs
   * @param message a sentence
   */
  record Fault(String field, String reason, String message) {}
}
