package dev.portcullis.operator.intent;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A token of any of these issuers, and what it must say.
 *
 * @param issuers never empty, in the policy's order
 * @param claims by claim, the values of which it must have one; a dot leads into a claim
 */
public record TokenRule(List<TokenIssuer> issuers, Map<String, List<String>> claims) {

  public TokenRule {
    issuers = List.copyOf(issuers);
    claims = Collections.unmodifiableMap(new TreeMap<>(claims));
  }
}
