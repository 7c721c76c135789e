package dev.portcullis.operator.identity.rotation;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What must be remembered beside the CAs themselves.
 *
 * @param lastNumber the highest number given to a generation
 * @param longestLeaf the longest life that a certificate of the present CA can have been given
 * @param restUntil no scheduled rotation begins before; set when one was taken back
 * @param granted the newest wish of each kind that was acted on
 */
public record Ledger(
    int lastNumber, Duration longestLeaf, Optional<Instant> restUntil, Map<Wish, String> granted) {

  public Ledger {
    granted = Map.copyOf(granted);
  }

  static Ledger first(Duration longestLeaf) {
    return new Ledger(1, longestLeaf, Optional.empty(), Map.of());
  }

  Ledger withNextNumber() {
    return new Ledger(lastNumber + 1, longestLeaf, restUntil, granted);
  }

  Ledger withLongestLeaf(Duration longest) {
    return new Ledger(lastNumber, longest, restUntil, granted);
  }

  Ledger restingUntil(Instant until) {
    return new Ledger(lastNumber, longestLeaf, Optional.of(until), granted);
  }

  Ledger granting(Wish wish, String text) {
    var all = new EnumMap<Wish, String>(Wish.class);
    all.putAll(granted);
    all.put(wish, text);
    return new Ledger(lastNumber, longestLeaf, restUntil, all);
  }
}
