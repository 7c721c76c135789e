package dev.portcullis.bootstrap.contract;

/** Absolute paths inside the containers of an injected pod. */
public final class SidecarPaths {

  /** Projected volume with the {@code podCertificate}: key first, then the chain, in one file. */
  public static final String IDENTITY_DIR = "/var/run/portcullis/identity";

  public static final String CREDENTIAL_BUNDLE = IDENTITY_DIR + "/credentialbundle.pem";

  /** Projected volume with the {@code clusterTrustBundle}. */
  public static final String TRUST_DIR = "/var/run/portcullis/trust";

  public static final String TRUST_BUNDLE = TRUST_DIR + "/ca.pem";

  /** Projected volume with the service account token that opens the xDS stream. */
  public static final String TOKEN_DIR = "/var/run/portcullis/token";

  public static final String XDS_TOKEN = TOKEN_DIR + "/token";

  /** Memory-backed volume in which the init step leaves Envoy's configuration. */
  public static final String CONFIG_DIR = "/etc/portcullis";

  /** Envoy's bootstrap; binary protobuf, as are the secrets beside it. */
  public static final String ENVOY_BOOTSTRAP = CONFIG_DIR + "/envoy.pb";

  /** File SDS resource of the secret {@link EnvoyNames#IDENTITY_SECRET}. */
  public static final String IDENTITY_SDS = CONFIG_DIR + "/sds-identity.pb";

  /** File SDS resource of the secret {@link EnvoyNames#TRUST_SECRET}. */
  public static final String TRUST_SDS = CONFIG_DIR + "/sds-trust.pb";

  /** File SDS resource of the secret {@link EnvoyNames#TOKEN_SECRET}. */
  public static final String TOKEN_SDS = CONFIG_DIR + "/sds-token.pb";

  /** Unix domain socket of Envoy's admin interface, in a volume that only the sidecar mounts. */
  public static final String ADMIN_SOCKET = CONFIG_DIR + "/admin.sock";

  private SidecarPaths() {}
}
