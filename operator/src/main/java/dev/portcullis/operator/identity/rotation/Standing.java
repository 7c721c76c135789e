package dev.portcullis.operator.identity.rotation;

/** Whether a CA is thought to be known to nobody else. */
public enum Standing {
  TRUSTED,
  /** Compromised: it never signs again once another can, and cannot be brought back. */
  TAINTED
}
