package dev.portcullis.operator.identity.rotation;

/** Why a rotation was begun. */
public enum Cause {
  /** The present CA nears its end. */
  SCHEDULED,
  /** A person asked for it. */
  ASKED,
  /** The present CA cannot sign any more, so that waiting only prolongs the harm. */
  URGENT,
  /** A person has said that the present CA is compromised. */
  DISTRUST,
  /** A person takes an earlier rotation back. */
  ROLL_BACK
}
