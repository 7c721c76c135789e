package dev.portcullis.operator.identity.rotation;

/** What is replaced. */
public enum Kind {
  /** The issuing CA, under the same root: whoever trusts the root trusts both. */
  ISSUING,
  /** The root, and with it the issuing CA: everyone must trust the new one first. */
  ROOT
}
