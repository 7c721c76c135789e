package dev.portcullis.operator.identity;

import java.time.Instant;

/** What a foreign CA's files are good for. */
public sealed interface OutsideInspection {

  /** How far the CRLs reach. */
  enum Reach {
    /** There are none. */
    NONE,
    /** The leaf's issuer is known, what is above it is not. */
    LEAVES,
    /** Every CA is known up to its root, each with its CRL. */
    WHOLE_CHAINS
  }

  /**
   * They can be used.
   *
   * @param authorities those that are valid now, in PEM
   * @param lists the newest CRL of each of them, in PEM; empty without CRLs
   * @param until when this has to be looked at again, the content being the same
   */
  record Sound(String authorities, String lists, Reach reach, Instant until)
      implements OutsideInspection {}

  /**
   * They cannot.
   *
   * @param message goes on after the name of the file
   */
  record Faulty(Fault fault, String message) implements OutsideInspection {}

  /** Kinds of faults; the first two are of the certificates' file, the others of the CRLs'. */
  enum Fault {
    CaInvalid,
    CaExpired,
    CrlInvalid,
    CrlExpired,
    CrlMissing;

    /** Whether the file with the certificates is the one at fault. */
    public boolean isOfAuthorities() {
      return this == CaInvalid || this == CaExpired;
    }
  }
}
