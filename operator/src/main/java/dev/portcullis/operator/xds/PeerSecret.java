package dev.portcullis.operator.xds;

import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;

/**
 * A secret for one proxy.
 *
 * @param version what the proxy will say that it holds, so it must not tell what the secret is
 */
public record PeerSecret(String version, Secret secret) {
  /** May hold a private key: never in a log. */
  @Override
  public String toString() {
    return "secret of version " + version;
  }
}
