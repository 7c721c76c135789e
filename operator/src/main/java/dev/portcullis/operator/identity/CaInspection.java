package dev.portcullis.operator.identity;

/** Whether kept files are a certificate authority that may sign. */
public sealed interface CaInspection {

  /** Everything is there and belongs together. */
  record Sound(CaMaterial material) implements CaInspection {}

  /** A sound root and no issuing CA at all, as when a root was brought from elsewhere. */
  record RootOnly(SigningPair root) implements CaInspection {}

  /** It must not be used; {@code reason} says which file and why. */
  record Unsound(String reason) implements CaInspection {}
}
