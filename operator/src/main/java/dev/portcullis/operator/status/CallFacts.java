package dev.portcullis.operator.status;

import java.util.List;

/**
 * What is known of one call of another backend.
 *
 * @param backend the called policy, as {@code namespace/name}
 * @param clashes pods of the caller in which a container uses the call's port itself
 */
public record CallFacts(String name, String backend, Backend is, int port, List<String> clashes) {

  /** What there is to call. */
  public enum Backend {
    /** There is no such policy, or it knows no caller of this namespace. */
    UNKNOWN,
    /** None of its pods is ready behind its gate. */
    WITHOUT_READY_PODS,
    READY
  }

  public CallFacts {
    clashes = List.copyOf(clashes);
  }
}
