package dev.portcullis.operator.status;

import dev.portcullis.operator.xds.Delivery;
import java.time.Instant;
import java.util.Optional;

/**
 * All that is known of one selected pod.
 *
 * @param delivery what its proxy said over its stream, if the stream ends at this replica
 * @param outdated in what its sidecar differs from a new pod's; empty when in nothing
 * @param keys how its sidecar gets its key; empty without a sidecar
 * @param cut what became of its connections from before the last revocation
 */
public record PodFacts(
    String name,
    Gate gate,
    Delivery delivery,
    Reading reading,
    Optional<String> outdated,
    Optional<Keys> keys,
    Cut cut) {

  /** Who makes the key of a sidecar. */
  public enum Keys {
    KUBELET,
    OPERATOR
  }

  /** One that has no connection to be cut. */
  public PodFacts(
      String name,
      Gate gate,
      Delivery delivery,
      Reading reading,
      Optional<String> outdated,
      Optional<Keys> keys) {
    this(name, gate, delivery, reading, outdated, keys, new Cut.Done());
  }

  /** What became of connections whose time is over. */
  public sealed interface Cut {

    /** There is none left. */
    record Done() implements Cut {}

    /** The gate was not seen yet to serve what cuts them. */
    record Pending() implements Cut {}

    /** It was: the last of them is cut by then. */
    record Until(Instant end) implements Cut {}
  }

  /** The sidecar, as the pod's own specification and the kubelet tell. */
  public sealed interface Gate {

    /** There is none. {@code message} says why, and what to do. */
    record Missing(String message) implements Gate {}

    /** It is not up yet. */
    record Starting() implements Gate {}

    /** It runs with another way of capture than the policy asks for now. */
    record CaptureDiffers(String running, String wanted, String version) implements Gate {}

    /** It runs. {@code version} is the content version it is meant to serve; null when none is. */
    record Running(String version) implements Gate {}
  }

  /** It runs, and the first look at it is still to come. */
  boolean isUnmeasured() {
    return reading instanceof Reading.NotTaken
        && switch (gate) {
          case Gate.Running(var version) -> version != null;
          case Gate.CaptureDiffers(var running, var wanted, var version) -> version != null;
          case Gate.Missing(var message) -> false;
          case Gate.Starting() -> false;
        };
  }

  /** What was seen by connecting to the pod from outside. */
  public sealed interface Reading {

    /** The certificate that was shown, if one was. */
    default Optional<Validity> shown() {
      return switch (this) {
        case Served(var version, var certificate) -> Optional.of(certificate);
        case OpenBeside(var version, var certificate, var why) -> Optional.of(certificate);
        case NotTaken() -> Optional.empty();
        case Expired() -> Optional.empty();
        case Unreachable(var why) -> Optional.empty();
      };
    }

    /** Nothing was measured yet, or not since the configuration changed. */
    record NotTaken() implements Reading {}

    /** The gate answered with its own certificate. */
    record Served(String version, Validity certificate) implements Reading {}

    /** What answered showed a certificate that is not valid any more. */
    record Expired() implements Reading {}

    /** The gate could not be reached, or was not the one it should be. */
    record Unreachable(String message) implements Reading {}

    /** The gate answered, but the application's own port can be reached around it. */
    record OpenBeside(String version, Validity certificate, String message) implements Reading {}
  }
}
