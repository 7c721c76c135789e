package dev.portcullis.operator;

import dev.portcullis.operator.intent.RateService;
import dev.portcullis.operator.intent.SpiffeId;
import java.util.Optional;
import java.util.regex.Pattern;

/** Who counts for all pods of a backend together, as the chart writes it. */
final class Stores {

  private static final Pattern ADDRESS =
      Pattern.compile("(?<host>[-.a-z0-9]+):(?<port>[0-9]{1,5})");

  private static final int SHORTEST_SECRET = 32;

  private Stores() {}

  /**
   * Empty where the installation has none.
   *
   * @throws IllegalArgumentException when it cannot be read
   */
  static Optional<RateService> parse(OperatorConfig config) {
    return config.rateLimit().address().map(address -> at(address, config));
  }

  private static RateService at(String address, OperatorConfig config) {
    var parts = ADDRESS.matcher(address);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "portcullis.rate-limit.address is '%s' but must be host:port".formatted(address));
    }
    var identity =
        SpiffeId.ofServiceAccount(
            config.trustDomain(), config.namespace(), config.rateLimit().serviceAccount());
    var secret =
        config
            .rateLimit()
            .secret()
            .filter(text -> text.length() >= SHORTEST_SECRET)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "portcullis.rate-limit.secret must have %d characters or more"
                            .formatted(SHORTEST_SECRET)));
    return new RateService(
        parts.group("host"), Integer.parseInt(parts.group("port")), identity, secret);
  }
}
