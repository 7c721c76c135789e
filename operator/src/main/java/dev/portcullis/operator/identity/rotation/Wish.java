package dev.portcullis.operator.identity.rotation;

/** What a person can ask for by a text that differs from the last one. */
public enum Wish {
  ROTATE_ISSUING,
  ROTATE_ROOT,
  DISTRUST,
  /** By the fingerprint of a CA that was brought. */
  ADOPT
}
