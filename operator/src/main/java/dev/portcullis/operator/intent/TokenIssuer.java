package dev.portcullis.operator.intent;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whose tokens count, and what is done with one.
 *
 * @param name tells this issuer from every other of its policy
 * @param issuer the claim {@code iss}, letter by letter
 * @param audiences never empty; the claim {@code aud} must name one of them
 * @param keys where empty, no token of it is sound
 * @param forwardedClaims headers in lower case, by the claims that they tell
 */
public record TokenIssuer(
    String name,
    String issuer,
    List<String> audiences,
    List<VerificationKey> keys,
    Duration maximumLifetime,
    Map<String, String> forwardedClaims,
    TokenFate fate) {

  /** What becomes of a token that was checked. */
  public enum TokenFate {
    REMOVED,
    FORWARDED
  }

  public TokenIssuer {
    audiences = List.copyOf(audiences);
    keys = List.copyOf(keys);
    forwardedClaims = Collections.unmodifiableMap(new TreeMap<>(forwardedClaims));
  }
}
