package dev.portcullis.bootstrap.contract;

/** Paths served on {@link SidecarPorts#PROBE}; every other path is answered 404. */
public final class ProbePaths {

  /** 200 once the certificate is loaded and the inbound listener is bound. */
  public static final String STARTED = "/started";

  /** 200 while the application's active health check passes (or none is configured). */
  public static final String READY = "/ready";

  /** Prefix of the application's own probes, rewritten at injection: {@code /app/<index>}. */
  public static final String APP_PREFIX = "/app/";

  /**
   * Path on the inbound mTLS listener that only the operator's identity may read: the version of
   * the configuration that the proxy really serves.
   */
  public static final String SERVED_VERSION = "/.well-known/portcullis/version";

  /**
   * Path beside it, for the operator's identity too: how many requests the policy's rules would
   * have denied but for its mode, by rule and route. Without anything in shadow it is not there.
   */
  public static final String SHADOW_COUNTS = "/.well-known/portcullis/shadow";

  private ProbePaths() {}
}
