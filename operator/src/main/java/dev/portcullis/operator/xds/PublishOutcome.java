package dev.portcullis.operator.xds;

/** What became of a published configuration, before any sidecar saw it. */
public sealed interface PublishOutcome {

  /** The canary took it (or it was already the one in force); it is on its way to the sidecars. */
  record Published(String version) implements PublishOutcome {}

  /** The canary refused it; the group keeps what it had. {@code message} is Envoy's own text. */
  record Rejected(String version, String resource, String message) implements PublishOutcome {}

  /** A newer publication of the same group overtook it. */
  record Superseded(String version) implements PublishOutcome {}
}
