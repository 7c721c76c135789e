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
 * @param cuts how often connections were cut that a removed CA had let in
 * @param nextCut when that is due next: a removed root takes a while to be gone everywhere
 */
public record Ledger(
    int lastNumber,
    Duration longestLeaf,
    Optional<Instant> restUntil,
    Map<Wish, String> granted,
    int cuts,
    Optional<Instant> nextCut) {

  public Ledger {
    granted = Map.copyOf(granted);
  }

  static Ledger first(Duration longestLeaf) {
    return new Ledger(1, longestLeaf, Optional.empty(), Map.of(), 0, Optional.empty());
  }

  Ledger withNextNumber() {
    return new Ledger(lastNumber + 1, longestLeaf, restUntil, granted, cuts, nextCut);
  }

  Ledger withLongestLeaf(Duration longest) {
    return new Ledger(lastNumber, longest, restUntil, granted, cuts, nextCut);
  }

  Ledger restingUntil(Instant until) {
    return new Ledger(lastNumber, longestLeaf, Optional.of(until), granted, cuts, nextCut);
  }

  Ledger granting(Wish wish, String text) {
    var all = new EnumMap<Wish, String>(Wish.class);
    all.putAll(granted);
    all.put(wish, text);
    return new Ledger(lastNumber, longestLeaf, restUntil, all, cuts, nextCut);
  }

  Ledger cuttingAt(Instant due) {
    return new Ledger(lastNumber, longestLeaf, restUntil, granted, cuts, Optional.of(due));
  }

  Ledger cut() {
    return new Ledger(lastNumber, longestLeaf, restUntil, granted, cuts + 1, Optional.empty());
  }
}
