package dev.portcullis.operator.intent;

import java.net.URI;
import java.util.Optional;

/**
 * Where an issuer publishes its keys, and who vouches for that host. Equal ones are asked once.
 *
 * @param url https, with a host name and neither user nor fragment
 * @param authority empty for the CAs that everybody knows
 */
public record KeySource(String url, Optional<Authority> authority) {

  private static final int HTTPS = 443;

  /** CA certificates in one key of a Secret. */
  public record Authority(String namespace, String secret, String key) {
    @Override
    public String toString() {
      return namespace + "/" + secret + "/" + key;
    }
  }

  public String host() {
    return URI.create(url).getHost();
  }

  public int port() {
    var port = URI.create(url).getPort();
    return port < 0 ? HTTPS : port;
  }

  /** One line that tells it from every other. */
  @Override
  public String toString() {
    return url + authority.map(ca -> " by " + ca).orElse("");
  }
}
