package dev.portcullis.sample.caller;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options that every command shares. */
final class TargetOptions {

  @Option(
      names = "--host",
      required = true,
      description = "Host name or address of the backend, for example orders.shop.")
  private String host;

  @Option(names = "--port", defaultValue = "8443", description = "Port of the backend's gate.")
  private int port;

  @Option(
      names = "--server-identity",
      required = true,
      description = "SPIFFE id that the backend must prove.")
  private String serverIdentity;

  @Option(
      names = "--trust",
      defaultValue = "/var/run/identity/ca.pem",
      description = "PEM file with the roots.")
  private Path trust;

  @Option(
      names = "--credentials",
      defaultValue = "/var/run/identity/credentialbundle.pem",
      description = "PEM file with the caller's key and chain.")
  private Path credentials;

  @Option(names = "--anonymous", description = "Show no certificate.")
  private boolean anonymous;

  Target target() {
    var shown =
        anonymous ? new Credentials.Anonymous(trust) : new Credentials.Bundle(trust, credentials);
    return new Target(host, port, shown, serverIdentity);
  }

  String authority() {
    return host + ":" + port;
  }
}
