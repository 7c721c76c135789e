package dev.portcullis.operator.envoy;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request that nobody has sent yet.
 *
 * @param target path and query
 * @param headers by name, in lower case
 * @param caller a SPIFFE id; or a name that another CA vouches for, such as {@code
 *     DNS:client.partner.example}
 * @param address that the connection comes from; empty for one that suits the caller
 */
public record SampleRequest(
    String method,
    String target,
    Map<String, String> headers,
    String caller,
    Optional<String> address) {

  public SampleRequest {
    var lower = new TreeMap<String, String>();
    headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
    headers = Map.copyOf(lower);
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }
}
