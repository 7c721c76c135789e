package dev.portcullis.operator.xds;

import dev.portcullis.operator.envoy.EnvoyResources;
import java.time.Duration;

/** A proxy that takes configurations to try them. One check at a time. */
interface Canary {

  /** What the canary made of a configuration. */
  sealed interface Finding {

    record Accepted() implements Finding {}

    /** {@code message} is the proxy's own text. */
    record Refused(String resource, String message) implements Finding {}

    /** It went away while it had the configuration. */
    record Lost(String reason) implements Finding {}

    /** It is there and did not answer: it has no processor time, or the configuration holds it. */
    record Silent(Duration waited) implements Finding {}
  }

  boolean isConnected();

  /** {@code listener} is called whenever {@link #isConnected} may have changed. */
  void onConnection(Runnable listener);

  /** Blocks until the canary has answered, has gone, or its time is over. */
  Finding check(EnvoyResources candidate) throws InterruptedException;

  /** Takes the last checked configuration off the canary. */
  void clear();
}
