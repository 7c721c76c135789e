package dev.portcullis.operator.intent;

/**
 * Which connections count: those that were opened in an earlier one are drained, then cut. A new
 * one begins when somebody loses what they had, and at no other edit.
 *
 * @param callers generation of the policy that took something from a caller last; 0 for none
 * @param authorities how often a CA was removed while somebody could still show its certificates
 */
public record Epoch(long callers, int authorities) {

  public static final Epoch FIRST = new Epoch(0, 0);

  /** The later one of each. */
  public Epoch or(Epoch other) {
    return new Epoch(Math.max(callers, other.callers), Math.max(authorities, other.authorities));
  }
}
