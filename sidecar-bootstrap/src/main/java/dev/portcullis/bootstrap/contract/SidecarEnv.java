package dev.portcullis.bootstrap.contract;

/** Environment variables that the injector sets on the init step and the bootstrap reads. */
public final class SidecarEnv {

  public static final String POD_NAME = "PORTCULLIS_POD_NAME";
  public static final String POD_NAMESPACE = "PORTCULLIS_POD_NAMESPACE";
  public static final String POD_UID = "PORTCULLIS_POD_UID";

  /** Name of the policy that selected the pod at injection, in the pod's namespace. */
  public static final String POLICY = "PORTCULLIS_POLICY";

  /** {@code host:port} of the operator's xDS service. */
  public static final String XDS_ADDRESS = "PORTCULLIS_XDS_ADDRESS";

  /** SPIFFE id that the xDS server must present. */
  public static final String XDS_IDENTITY = "PORTCULLIS_XDS_IDENTITY";

  /** {@code Redirect} or {@code None}, see {@link Capture}. */
  public static final String CAPTURE = "PORTCULLIS_CAPTURE";

  /** Port of the inbound listener at injection. */
  public static final String LISTENER_PORT = "PORTCULLIS_LISTENER_PORT";

  /** The application's probes, one per line, see {@link AppProbes}. */
  public static final String APP_PROBES = "PORTCULLIS_APP_PROBES";

  /** How the sidecar gets its key, see {@link KeyDelivery}; {@code Kubelet} where unset. */
  public static final String KEY_DELIVERY = "PORTCULLIS_KEY_DELIVERY";

  /** Whether the metrics are served, see {@link Metrics}; {@code Closed} where unset. */
  public static final String METRICS = "PORTCULLIS_METRICS";

  /** Memory limit of the proxy's container, in bytes. */
  public static final String MEMORY_LIMIT = "PORTCULLIS_MEMORY_LIMIT";

  /** Open inbound connections at which the proxy refuses more, whatever the policy says. */
  public static final String CONNECTIONS = "PORTCULLIS_CONNECTIONS";

  /** Port on loopback of the gate that a canary asks for its resources; 18001 where unset. */
  public static final String CANARY_PORT = "PORTCULLIS_CANARY_PORT";

  private SidecarEnv() {}
}
