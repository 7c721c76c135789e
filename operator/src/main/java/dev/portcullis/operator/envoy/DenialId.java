package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.BackendKey;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a refusal is told by, in the reply, the access log and the metrics: {@code <layer>-<rule>}.
 * The same on every replica and for as long as the rule has its name; the name itself is a hash to
 * those who are refused.
 */
public record DenialId(Denial layer, String rule) {

  /** Of every refusal that the gate itself gives, and of no other answer. */
  public static final String HEADER = "x-portcullis-denial";

  private static final int DIGITS = 8;

  /** Letters, which nothing takes for a number, and no vowels, of which nobody makes a word. */
  private static final String DIGITS_AS_LETTERS = "bcdfghjklmnpqrst";

  /** What is refused whatever the route. */
  public static DenialId ofPolicy(Denial layer, BackendKey policy) {
    return new DenialId(layer, hash(policy, ""));
  }

  /** What is refused at this line of the route table. */
  static DenialId at(Denial layer, BackendIntent intent, Endpoint endpoint) {
    return new DenialId(layer, ruleOf(intent, endpoint));
  }

  /** Empty for text that no gate writes. */
  public static Optional<DenialId> parse(String text) {
    var dash = text.lastIndexOf('-');
    return dash < 0
        ? Optional.empty()
        : Denial.of(text.substring(0, dash))
            .map(layer -> new DenialId(layer, text.substring(dash + 1)));
  }

  /** What is answered alike has one rule: an unknown path must not tell that it is a known one. */
  static String ruleOf(BackendIntent intent, Endpoint endpoint) {
    return switch (endpoint) {
      case Endpoint.Known known -> hash(intent.key(), known.name());
      case Endpoint.WrongMethod wrong -> hash(intent.key(), wrong.name());
      case Endpoint.WrongMediaType wrong -> hash(intent.key(), wrong.name());
      case Endpoint.NoHandshake wrong -> hash(intent.key(), wrong.name());
      case Endpoint.WrongParameter(_, _) -> hash(intent.key(), "");
      case Endpoint.DisguisedPath() -> hash(intent.key(), "");
      case Endpoint.UnknownPath() -> hash(intent.key(), "");
    };
  }

  private static String hash(BackendKey policy, String rule) {
    var text = (policy + "/" + rule).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of()
        .formatHex(ContentHash.sha256().digest(text))
        .substring(0, DIGITS)
        .chars()
        .mapToObj(digit -> DIGITS_AS_LETTERS.substring(Character.digit(digit, 16)).substring(0, 1))
        .collect(Collectors.joining());
  }

  @Override
  public String toString() {
    return layer.word() + "-" + rule;
  }
}
