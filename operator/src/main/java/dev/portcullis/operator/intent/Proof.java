package dev.portcullis.operator.intent;

import java.util.Optional;

/** What a request must prove beside its caller's certificate. */
public sealed interface Proof {

  record Nothing() implements Proof {}

  record OfToken(TokenRule token) implements Proof {}

  record OfKey(KeyRule key) implements Proof {}

  /** One of the two; where a request shows both, both must be valid. */
  record Either(TokenRule token, KeyRule key) implements Proof {}

  record Both(TokenRule token, KeyRule key) implements Proof {}

  /** What counts as a token, where tokens count. */
  default Optional<TokenRule> tokenRule() {
    return switch (this) {
      case Nothing() -> Optional.empty();
      case OfToken(var token) -> Optional.of(token);
      case OfKey(_) -> Optional.empty();
      case Either(var token, _) -> Optional.of(token);
      case Both(var token, _) -> Optional.of(token);
    };
  }

  /** What counts as a key, where keys count. */
  default Optional<KeyRule> keyRule() {
    return switch (this) {
      case Nothing() -> Optional.empty();
      case OfToken(_) -> Optional.empty();
      case OfKey(var key) -> Optional.of(key);
      case Either(_, var key) -> Optional.of(key);
      case Both(_, var key) -> Optional.of(key);
    };
  }
}
