package dev.portcullis.operator.status;

/** The conditions of a policy, in the order in which a change comes through them. */
public final class ConditionTypes {

  /** The policy is understood and no other has precedence over it. */
  public static final String ACCEPTED = "Accepted";

  /** What the policy refers to is there and can be used; told where it refers to anything. */
  public static final String RESOLVED_REFS = "ResolvedRefs";

  /** Every sidecar runs this generation. */
  public static final String PROGRAMMED = "Programmed";

  /** Every selected pod was measured to be closed as the policy says. */
  public static final String ENFORCED = "Enforced";

  /** All of the above; for {@code kubectl wait} and {@code helm --wait}. */
  public static final String READY = "Ready";

  /** There only while a certificate has been left to its last third; True then. */
  public static final String EXPIRING = "Expiring";

  /** There only while certificates are withheld because too many were issued; True then. */
  public static final String THROTTLED = "Throttled";

  /** There only while the policy is enforced and yet hardly meant as it is; True then. */
  public static final String DOUBTFUL = "Doubtful";

  /** There only while an issuer gives no keys and its last good ones count; True then. */
  public static final String STALE = "Stale";

  /** Whether a condition of this type tells of something amiss by being True. */
  public static boolean isAlarm(String type) {
    return type.equals(EXPIRING)
        || type.equals(THROTTLED)
        || type.equals(DOUBTFUL)
        || type.equals(STALE);
  }

  /** The backends that the application calls can be called; told where it calls any. */
  public static final String CALLS_READY = "CallsReady";

  private ConditionTypes() {}
}
