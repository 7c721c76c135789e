package dev.portcullis.operator.names;

/** Labels that Portcullis reads or writes. */
public final class Labels {

  /**
   * On a namespace: {@code enabled} opts its pods in to injection. Set by the cluster's
   * administrator.
   */
  public static final String INJECT = "portcullis.dev/inject";

  public static final String INJECT_ENABLED = "enabled";

  /** On an injected pod and on generated NetworkPolicies: the name of the policy. */
  public static final String POLICY = "portcullis.dev/policy";

  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  public static final String MANAGED_BY_VALUE = "portcullis";

  private Labels() {}
}
