package dev.portcullis.operator.resolve;

import java.util.Set;

/** TCP ports. */
final class Ports {

  /** Bound by the sidecar itself: capture, probes and metrics. */
  private static final Set<Integer> TAKEN = Set.of(15006, 15021, 15090);

  private static final int FALLBACK = 1;

  static int read(Integer port, At at) {
    if (port == null || port < 1 || port > 65535) {
      at.invalid("Name a TCP port from 1 to 65535.");
      return FALLBACK;
    }
    if (TAKEN.contains(port)) {
      at.invalid("Choose another port: the sidecar uses 15006, 15021 and 15090 itself.");
    }
    return port;
  }

  private Ports() {}
}
