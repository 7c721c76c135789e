package dev.portcullis.operator.identity.rotation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * What a succession says beside keys and certificates: one line per statement, {@code name value
 * ...}. Reading checks everything: a line that is not understood is damage.
 */
record SuccessionNotes(
    int number,
    Standing standing,
    Ledger ledger,
    Optional<HeirNote> heir,
    Map<Integer, ElderNote> elders) {

  /** An heir without its CA. */
  record HeirNote(
      int number, Kind kind, Cause cause, Instant begun, Optional<Instant> distributed) {}

  /** An elder without its CA. */
  record ElderNote(Instant replaced, Instant lastLeafEnds, Standing standing) {}

  private static final String NEVER = "-";

  /** Of an authority that was made before there were notes. */
  static SuccessionNotes none() {
    return new SuccessionNotes(
        1, Standing.TRUSTED, Ledger.first(Duration.ZERO), Optional.empty(), Map.of());
  }

  static String write(Succession kept) {
    var lines = new StringJoiner("\n", "", "\n");
    var ledger = kept.ledger();
    lines.add("current " + kept.current().number() + " " + kept.standing());
    lines.add("last-number " + ledger.lastNumber());
    lines.add("longest-leaf " + ledger.longestLeaf());
    ledger.restUntil().ifPresent(until -> lines.add("rest-until " + until));
    if (ledger.cuts() > 0) {
      lines.add("cuts " + ledger.cuts());
    }
    ledger.nextCut().ifPresent(due -> lines.add("next-cut " + due));
    new TreeMap<>(ledger.granted())
        .forEach(
            (wish, text) -> lines.add("granted " + wish + " " + URLEncoder.encode(text, UTF_8)));
    kept.heir().ifPresent(heir -> lines.add(line(heir)));
    kept.elders().forEach(elder -> lines.add(line(elder)));
    return lines.toString();
  }

  private static String line(Heir heir) {
    return "next %d %s %s %s %s"
        .formatted(
            heir.generation().number(),
            heir.kind(),
            heir.cause(),
            heir.begun(),
            heir.distributed().map(Instant::toString).orElse(NEVER));
  }

  private static String line(Elder elder) {
    return "old %d %s %s %s"
        .formatted(elder.number(), elder.replaced(), elder.lastLeafEnds(), elder.standing());
  }

  /**
   * @throws IllegalArgumentException if a line is missing or not understood
   */
  static SuccessionNotes read(String text) {
    try {
      var reader = new Reader();
      text.lines().forEach(line -> reader.read(List.of(line.split(" ", -1))));
      return reader.notes();
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("it is not understood: " + e.getMessage(), e);
    }
  }

  /** Line by line; the last of a name holds. */
  private static final class Reader {

    private final Map<String, List<String>> single = new TreeMap<>();
    private final Map<Wish, String> granted = new EnumMap<>(Wish.class);
    private final Map<Integer, ElderNote> elders = new TreeMap<>();

    void read(List<String> words) {
      switch (words.getFirst()) {
        case "granted" ->
            granted.put(Wish.valueOf(words.get(1)), URLDecoder.decode(words.get(2), UTF_8));
        case "old" -> elders.put(Integer.valueOf(words.get(1)), elder(words));
        case "current", "last-number", "longest-leaf", "rest-until", "next", "cuts", "next-cut" ->
            single.put(words.getFirst(), new ArrayList<>(words));
        default -> throw new IllegalArgumentException("line '" + words.getFirst() + "'");
      }
    }

    SuccessionNotes notes() {
      var current = line("current");
      var ledger =
          new Ledger(
              Integer.parseInt(line("last-number").get(1)),
              Duration.parse(line("longest-leaf").get(1)),
              instant("rest-until"),
              granted,
              Optional.ofNullable(single.get("cuts"))
                  .map(words -> Integer.parseInt(words.get(1)))
                  .orElse(0),
              instant("next-cut"));
      return new SuccessionNotes(
          Integer.parseInt(current.get(1)),
          Standing.valueOf(current.get(2)),
          ledger,
          Optional.ofNullable(single.get("next")).map(Reader::heir),
          elders);
    }

    private Optional<Instant> instant(String name) {
      return Optional.ofNullable(single.get(name)).map(words -> Instant.parse(words.get(1)));
    }

    private List<String> line(String name) {
      return Optional.ofNullable(single.get(name))
          .orElseThrow(() -> new IllegalArgumentException("no line '" + name + "'"));
    }

    private static HeirNote heir(List<String> words) {
      return new HeirNote(
          Integer.parseInt(words.get(1)),
          Kind.valueOf(words.get(2)),
          Cause.valueOf(words.get(3)),
          Instant.parse(words.get(4)),
          Optional.of(words.get(5)).filter(at -> !at.equals(NEVER)).map(Instant::parse));
    }

    private static ElderNote elder(List<String> words) {
      return new ElderNote(
          Instant.parse(words.get(2)), Instant.parse(words.get(3)), Standing.valueOf(words.get(4)));
    }
  }
}
