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

  /** On ConfigMaps with the keys of an issuer, in the operator's namespace. */
  public static final String KEY_SET = "portcullis.dev/key-set";

  public static final String KEY_SET_VALUE = "published";

  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  public static final String MANAGED_BY_VALUE = "portcullis";

  /** On everything of the chart, with the value {@link #APP_VALUE}. */
  public static final String APP = "app.kubernetes.io/name";

  public static final String APP_VALUE = "portcullis";

  /** On the operator's pods, with the value {@link #COMPONENT_OPERATOR}. */
  public static final String COMPONENT = "app.kubernetes.io/component";

  public static final String COMPONENT_OPERATOR = "operator";

  /** On every namespace: its own name. Kept by the API server, so nobody can pretend. */
  public static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

  private Labels() {}
}
