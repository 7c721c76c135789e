package dev.portcullis.bootstrap.contract;

import java.util.Set;

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

  /**
   * Plain HTTP for scrapers of {@link Metrics#OPEN} sidecars: one path, nothing else. Never
   * redirected then; else nothing is bound there.
   */
  public static final int METRICS = 15090;

  /** Ports that nothing else in the pod may use, whether Envoy binds them or not. */
  public static final Set<Integer> ALL = Set.of(CAPTURE, PROBE, METRICS);

  private SidecarPorts() {}
}
