package dev.portcullis.operator.intent;

import java.util.Optional;

/** A public key that signatures of tokens are checked with; its numbers are in base64url. */
public sealed interface VerificationKey {

  /** By which tokens choose it. */
  Optional<String> id();

  /**
   * @param algorithm the only one; empty for every RS* and PS*
   */
  record Rsa(Optional<String> id, Optional<String> algorithm, String modulus, String exponent)
      implements VerificationKey {}

  /**
   * @param curve as RFC 7518 names it; it alone decides the algorithm
   */
  record Ec(Optional<String> id, String curve, String x, String y) implements VerificationKey {}

  record Ed25519(Optional<String> id, String x) implements VerificationKey {}
}
