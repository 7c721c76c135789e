package dev.portcullis.operator.intent;

import java.util.Optional;

/**
 * What the network sees of the backend.
 *
 * @param streams that one HTTP/2 connection may have open
 * @param http3 set where it is served, on the UDP port of the same number
 */
public record Inbound(int port, Tls tls, Capture capture, int streams, Optional<Http3> http3) {

  private static final int USUAL_STREAMS = 2000;

  /** With as many streams as a connection has that nothing else is said of. */
  public Inbound(int port, Tls tls, Capture capture) {
    this(port, tls, capture, USUAL_STREAMS, Optional.empty());
  }

  /**
   * @param advertisedPort that callers are told; empty where they are not
   */
  public record Http3(Optional<Integer> advertisedPort) {}

  /** How connections to the pod reach Envoy. */
  public enum Capture {
    /** Every inbound TCP connection is redirected to Envoy inside the pod's network namespace. */
    REDIRECT,
    /** Envoy binds the port itself; the application must listen on loopback only. */
    NONE
  }
}
