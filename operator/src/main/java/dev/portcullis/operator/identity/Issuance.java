package dev.portcullis.operator.identity;

/** What became of an order. */
public sealed interface Issuance {

  /** A certificate was signed. */
  record Issued(Leaf leaf) implements Issuance {}

  /** Nothing was signed; {@code reason} is a sentence for whoever runs the operator. */
  record Refused(String reason) implements Issuance {}
}
