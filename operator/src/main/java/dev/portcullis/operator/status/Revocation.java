package dev.portcullis.operator.status;

import dev.portcullis.operator.intent.Epoch;

/**
 * What is known of rights to call that were taken away.
 *
 * @param judged the last generation that was compared with the one before it
 * @param epoch connections that are older than this are cut
 */
public record Revocation(long judged, Epoch epoch, State state) {

  /** Of a policy that never was in force. */
  public static final Revocation NONE = new Revocation(0, Epoch.FIRST, State.DONE);

  /** How far it is. */
  public enum State {
    /** Older connections may still be open somewhere. */
    CUTTING,
    /** Every pod's gate has cut them. */
    DONE
  }

  /** Whether nobody has a connection from before this epoch. */
  public boolean isDone(Epoch wanted) {
    return wanted.equals(Epoch.FIRST) || state == State.DONE && epoch.equals(wanted);
  }
}
