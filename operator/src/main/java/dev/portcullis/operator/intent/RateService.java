package dev.portcullis.operator.intent;

/**
 * The service that counts for all pods of a backend together.
 *
 * @param host that DNS has addresses for
 * @param identity that it proves
 * @param secret of the installation, from which each backend's account is made
 */
public record RateService(String host, int port, SpiffeId identity, String secret) {

  /** Without the secret. */
  @Override
  public String toString() {
    return "%s:%d as %s".formatted(host, port, identity);
  }
}
