package dev.portcullis.operator.identity.rotation;

import java.util.Map;
import java.util.Optional;

/**
 * Everything that a person asks for at the moment. A wish that stays is not granted twice.
 *
 * @param texts an opaque text for each wish; it is granted when it differs from the one granted
 *     last
 * @param rollBack number of the generation to go back behind
 * @param retireNow number of the replaced generation to stop trusting at once
 */
public record Wishes(
    Map<Wish, String> texts, Pace pace, Optional<Integer> rollBack, Optional<Integer> retireNow) {

  /** Whether steps are taken. */
  public enum Pace {
    GOING,
    PAUSED
  }

  public static final Wishes NONE =
      new Wishes(Map.of(), Pace.GOING, Optional.empty(), Optional.empty());

  public Wishes {
    texts = Map.copyOf(texts);
  }

  /** The text of a wish that has not been granted yet. */
  Optional<String> open(Wish wish, Ledger ledger) {
    return Optional.ofNullable(texts.get(wish))
        .filter(text -> !text.isBlank())
        .filter(text -> !text.equals(ledger.granted().get(wish)));
  }
}
