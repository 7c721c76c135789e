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

  /** {@code Redirect} or {@code None}. */
  public static final String CAPTURE = "PORTCULLIS_CAPTURE";

  /** JSON list of the application's probes, see {@link AppProbe}. */
  public static final String APP_PROBES = "PORTCULLIS_APP_PROBES";

  private SidecarEnv() {}
}
