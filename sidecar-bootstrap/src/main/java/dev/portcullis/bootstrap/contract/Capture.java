package dev.portcullis.bootstrap.contract;

import java.util.Arrays;
import java.util.Optional;

/** How connections to the pod reach Envoy. */
public enum Capture {
  /** Every inbound TCP connection is redirected inside the pod's network namespace. */
  REDIRECT("Redirect"),
  /** Envoy binds the port itself; the application must listen on loopback only. */
  NONE("None");

  private final String value;

  Capture(String value) {
    this.value = value;
  }

  /** As written in the API, in annotations and in {@link SidecarEnv#CAPTURE}. */
  public String value() {
    return value;
  }

  /** The capture with that {@link #value}; empty for any other text. */
  public static Optional<Capture> of(String value) {
    return Arrays.stream(values()).filter(capture -> capture.value.equals(value)).findFirst();
  }
}
