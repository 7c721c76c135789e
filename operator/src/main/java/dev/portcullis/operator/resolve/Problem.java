package dev.portcullis.operator.resolve;

/**
 * Why a policy cannot be enforced as it is written.
 *
 * @param field path below the object, such as {@code spec.routes[1].path}
 * @param message a sentence that tells the user what to do
 */
public record Problem(String field, Reason reason, String message) {

  /** Reasons of the condition {@code Accepted}, in GEP-713's words. */
  public enum Reason {
    /** The policy contradicts itself or cannot be expressed. */
    Invalid,
    /** Another policy selects the same pods and came first. */
    Conflicted
  }
}
