package dev.portcullis.operator.identity.rotation;

import dev.portcullis.operator.identity.SigningPair;

/** Whether kept files are a succession that may sign. */
public sealed interface SuccessionInspection {

  /** Everything is there and belongs together. */
  record Sound(Succession succession) implements SuccessionInspection {}

  /** A sound root and nothing else. */
  record RootOnly(SigningPair root) implements SuccessionInspection {}

  /** It must not be used; {@code reason} says which file and why. */
  record Unsound(String reason) implements SuccessionInspection {}
}
