package dev.portcullis.operator.xds;

/** What one pod's proxy said of the configuration sent to it over a stream to this replica. */
public sealed interface Delivery {

  /** No stream of this pod ends at this replica. */
  record NotConnected() implements Delivery {}

  /** Sent in part or whole, not yet acknowledged in whole. */
  record Pending(String version) implements Delivery {}

  /** Every resource of the version is acknowledged. */
  record Acknowledged(String version) implements Delivery {}

  /**
   * The proxy refused a resource of the version and goes back to the last version that it took;
   * {@code message} is Envoy's own text.
   */
  record Refused(String version, String resource, String message) implements Delivery {}
}
