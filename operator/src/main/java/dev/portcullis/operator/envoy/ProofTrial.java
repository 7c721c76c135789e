package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.KeyRule;
import dev.portcullis.operator.intent.Proof;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Whether a request shows what a route asks for beside the caller's certificate. A token's
 * signature and claims, and keys of Secrets that are not at hand, are provisos.
 */
record ProofTrial(SampleRequest request, Proof proof) {

  private static final int SHORTEST_KEY = 32;
  private static final int LONGEST_KEY = 128;

  /** In the order in which the gate asks. */
  Optional<Denial> refusal() {
    return switch (proof) {
      case Proof.Nothing() -> Optional.empty();
      case Proof.OfToken(_) -> withoutToken();
      case Proof.OfKey(var key) -> unknownKey(key).or(() -> foreignKey(key));
      case Proof.Either(_, var key) ->
          shows(key)
              ? unknownKey(key).or(() -> hasToken() ? Optional.empty() : foreignKey(key))
              : withoutToken();
      case Proof.Both(_, var key) ->
          unknownKey(key).or(this::withoutToken).or(() -> foreignKey(key));
    };
  }

  List<String> provisos() {
    var provisos = new ArrayList<String>();
    proof
        .tokenRule()
        .filter(rule -> hasToken())
        .ifPresent(
            rule ->
                provisos.add(
                    "the token is valid, of %s%s"
                        .formatted(
                            String.join(
                                " or ", rule.issuers().stream().map(each -> each.name()).toList()),
                            rule.claims().isEmpty() ? "" : ", with " + rule.claims())));
    proof
        .keyRule()
        .filter(rule -> shows(rule) && rule.keys().clients().isEmpty())
        .ifPresent(
            rule ->
                provisos.add(
                    "the key is one of %s"
                        .formatted(
                            rule.clients().isEmpty()
                                ? "the policy's Secrets"
                                : String.join(" or ", rule.clients()))));
    return provisos;
  }

  private boolean hasToken() {
    return request.header("authorization").filter(text -> text.startsWith("Bearer ")).isPresent();
  }

  private Optional<Denial> withoutToken() {
    return hasToken() ? Optional.empty() : Optional.of(Denial.TOKEN);
  }

  private boolean shows(KeyRule rule) {
    return request.header(rule.keys().header()).isPresent();
  }

  private Optional<Denial> unknownKey(KeyRule rule) {
    var key = request.header(rule.keys().header()).orElse("");
    var fits = key.length() >= SHORTEST_KEY && key.length() <= LONGEST_KEY;
    return fits && (rule.keys().clients().isEmpty() || clientOf(rule).isPresent())
        ? Optional.empty()
        : Optional.of(Denial.KEY);
  }

  private Optional<Denial> foreignKey(KeyRule rule) {
    return clientOf(rule)
        .filter(client -> !rule.clients().isEmpty() && !rule.clients().contains(client))
        .map(client -> Denial.CLAIMS);
  }

  private Optional<String> clientOf(KeyRule rule) {
    return request
        .header(rule.keys().header())
        .map(key -> key.getBytes(StandardCharsets.UTF_8))
        .map(key -> HexFormat.of().formatHex(ContentHash.sha256().digest(key)))
        .map(rule.keys().clients()::get);
  }
}
