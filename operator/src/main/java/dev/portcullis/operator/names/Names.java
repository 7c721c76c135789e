package dev.portcullis.operator.names;

/** Names of objects, containers, volumes and of the field manager. */
public final class Names {

  public static final String FIELD_MANAGER = "portcullis";

  /** Signer of the certificates; also the prefix of the ClusterTrustBundle's name. */
  public static final String SIGNER = "portcullis.dev/backend";

  /** ClusterTrustBundle of {@link #SIGNER}: {@code <domain>:<rest>:<name>}. */
  public static final String TRUST_BUNDLE = "portcullis.dev:backend:root";

  /** ConfigMap with the roots, where pods cannot mount {@link #TRUST_BUNDLE}. */
  public static final String TRUST_CONFIG_MAP = "portcullis-trust";

  /** Audience of the service account token that opens an xDS stream. */
  public static final String XDS_AUDIENCE = "portcullis.dev/xds";

  /** Secret in the operator's namespace that holds the certificate authority. */
  public static final String CA_SECRET = "portcullis-ca";

  /** ConfigMap in the operator's namespace that tells how the CA's rotation stands. */
  public static final String CA_STATUS = "portcullis-ca";

  /** Begins the names of ConfigMaps with the keys of an issuer, in the operator's namespace. */
  public static final String KEY_SET_CONFIG_MAP = "portcullis-jwks-";

  public static final String INIT_CONTAINER = "portcullis-init";
  public static final String PROXY_CONTAINER = "portcullis-proxy";

  public static final String IDENTITY_VOLUME = "portcullis-identity";
  public static final String TRUST_VOLUME = "portcullis-trust";
  public static final String TOKEN_VOLUME = "portcullis-token";
  public static final String CONFIG_VOLUME = "portcullis-config";

  /** Name of the NetworkPolicy that is made from the policy of this name, in its namespace. */
  public static String networkPolicyOf(String policy) {
    return "portcullis-" + policy;
  }

  private Names() {}
}
