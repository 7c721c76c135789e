package dev.portcullis.bootstrap.contract;

/**
 * Names of Envoy resources that bootstrap, operator and tests share. They never change per policy.
 */
public final class EnvoyNames {

  /** Static cluster of the operator's aggregated discovery service. */
  public static final String XDS_CLUSTER = "portcullis-xds";

  /** Dynamic listener that the network reaches. */
  public static final String INBOUND_LISTENER = "inbound";

  /** Route configuration of {@link #INBOUND_LISTENER}, delivered by RDS. */
  public static final String INBOUND_ROUTES = "inbound";

  /** Dynamic cluster of the application inside the pod. */
  public static final String APP_CLUSTER = "app";

  /**
   * Cluster of the pod's own inbound listener, seen as a caller sees it. Its health check is a
   * whole mutual TLS handshake: it passes only once the listener is bound and its certificate is
   * loaded.
   */
  public static final String GATE_CLUSTER = "portcullis-gate";

  /** Counter of requests that a rule in shadow would have denied, with the tags rule and route. */
  public static final String SHADOW_COUNTER = "portcullis.shadow_requests";

  public static final String IDENTITY_SECRET = "identity";
  public static final String TRUST_SECRET = "trust";
  public static final String TOKEN_SECRET = "xds-token";

  /**
   * Request header that tells the application who calls: the one URI of the caller's certificate.
   * What a client sends under this name never arrives.
   */
  public static final String CALLER_HEADER = "x-portcullis-caller";

  /** On {@link ProbePaths#SERVED_VERSION}: content hash of the listener that answers. */
  public static final String LISTENER_HEADER = "x-portcullis-listener";

  /**
   * On {@link ProbePaths#SERVED_VERSION}: content hash of the listener that the answering routes
   * were made for. Differs from {@link #LISTENER_HEADER} while a listener is late or refused.
   */
  public static final String LISTENER_WANTED_HEADER = "x-portcullis-listener-wanted";

  private EnvoyNames() {}
}
