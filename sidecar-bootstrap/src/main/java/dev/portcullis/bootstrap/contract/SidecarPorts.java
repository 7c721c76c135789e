package dev.portcullis.bootstrap.contract;

/** TCP ports that Envoy binds in an injected pod. */
public final class SidecarPorts {

  /** Where the redirect sends every inbound connection; reachable only by that redirect. */
  public static final int CAPTURE = 15006;

  /**
   * Loopback address through which Envoy calls its own listener as the network would, where
   * connections are redirected.
   */
  public static final String GATE_ADDRESS = "127.0.0.6";

  /** Plain HTTP for the kubelet alone: exact probe paths, nothing else. Never redirected. */
  public static final int PROBE = 15021;

  private SidecarPorts() {}
}
