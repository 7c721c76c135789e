package dev.portcullis.operator.intent;

/**
 * What the network sees of the backend.
 *
 * @param streams that one HTTP/2 connection may have open
 */
public record Inbound(int port, Tls tls, Capture capture, int streams) {

  private static final int USUAL_STREAMS = 2000;

  /** With as many streams as a connection has that nothing else is said of. */
  public Inbound(int port, Tls tls, Capture capture) {
    this(port, tls, capture, USUAL_STREAMS);
  }

  /** How connections to the pod reach Envoy. */
  public enum Capture {
    /** Every inbound TCP connection is redirected to Envoy inside the pod's network namespace. */
    REDIRECT,
    /** Envoy binds the port itself; the application must listen on loopback only. */
    NONE
  }
}
