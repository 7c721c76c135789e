package dev.portcullis.operator.intent;

/** What the network sees of the backend. */
public record Inbound(int port, Tls tls, Capture capture) {

  /** How connections to the pod reach Envoy. */
  public enum Capture {
    /** Every inbound TCP connection is redirected to Envoy inside the pod's network namespace. */
    REDIRECT,
    /** Envoy binds the port itself; the application must listen on loopback only. */
    NONE
  }
}
