package dev.portcullis.bootstrap.contract;

/** Options of Envoy's command line that say of a running sidecar what it was made for. */
public final class SidecarFlags {

  /**
   * Followed by the seconds after which connections of a filter chain that was replaced are cut.
   */
  public static final String DRAIN_SECONDS = "--drain-time-s";

  private SidecarFlags() {}
}
