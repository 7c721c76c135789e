package dev.portcullis.operator.identity.rotation;

import dev.portcullis.operator.identity.rotation.Step.Waiting;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where a rotation stands, for people: equal input gives equal text. */
public record RotationReport(Succession kept, Waiting waiting) {

  /** In one word. */
  public enum Phase {
    STEADY("Steady"),
    DISTRIBUTING("Distributing"),
    RETIRING("Retiring"),
    PAUSED("Paused");

    private final String word;

    Phase(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  private static final int MOST_NAMED = 50;

  public Phase phase() {
    return switch (waiting) {
      case Waiting.Nothing nothing -> Phase.STEADY;
      case Waiting.Resumption resumption -> Phase.PAUSED;
      case Waiting.Clock clock -> phaseOfWhatIsKept();
      case Waiting.Publication publication -> Phase.DISTRIBUTING;
      case Waiting.Spread spread -> Phase.DISTRIBUTING;
      case Waiting.Uptake uptake -> Phase.DISTRIBUTING;
      case Waiting.Release release -> Phase.RETIRING;
    };
  }

  private Phase phaseOfWhatIsKept() {
    if (kept.heir().isPresent()) {
      return Phase.DISTRIBUTING;
    }
    return kept.elders().isEmpty() ? Phase.STEADY : Phase.RETIRING;
  }

  /** Who keeps the next step from being taken. */
  public List<Straggler> stragglers() {
    return switch (waiting) {
      case Waiting.Nothing nothing -> List.of();
      case Waiting.Resumption resumption -> List.of();
      case Waiting.Clock clock -> List.of();
      case Waiting.Publication(var places) -> places;
      case Waiting.Spread spread -> List.of();
      case Waiting.Uptake(var stragglers) -> stragglers;
      case Waiting.Release(var number, var until, var stragglers) -> stragglers;
    };
  }

  /** One sentence, without the stragglers' names. */
  public String message() {
    return switch (waiting) {
      case Waiting.Nothing nothing -> "No rotation is under way.";
      case Waiting.Resumption resumption ->
          "Paused: no step is taken until the annotation is removed.";
      case Waiting.Clock(String why) -> "No step is taken until the clock can be relied on: " + why;
      case Waiting.Publication(var places) -> "The new root is being published.";
      case Waiting.Spread(Instant until) ->
          "The new root is published. Pods that are starting and callers that cannot be asked get"
              + " until %s to take it.".formatted(until);
      case Waiting.Uptake(var stragglers) ->
          "%d have not proved yet that they accept the new CA; it does not sign before they have."
              .formatted(stragglers.size());
      case Waiting.Release(var number, var until, var stragglers) ->
          "The new CA signs. Generation %d stays trusted until nobody holds a certificate of it,"
                  .formatted(number)
              + " or until the last of them has ended at %s.".formatted(until);
    };
  }

  /** Name to text, to be shown as it is. */
  public Map<String, String> lines() {
    var lines = new TreeMap<String, String>();
    lines.put("phase", phase().word());
    lines.put("message", message());
    lines.put("current", current());
    lines.put("next", kept.heir().map(RotationReport::heir).orElse("none"));
    lines.put("replaced", listed(kept.elders().stream().map(RotationReport::elder)));
    lines.put("stragglers", named());
    lines.put("cut", cut());
    lines.put("rollBack", rollBack().map(Object::toString).orElse("not possible"));
    return lines;
  }

  private String cut() {
    return kept.ledger()
        .nextCut()
        .map("connections that a removed CA let in are told to close at %s"::formatted)
        .orElse("none");
  }

  /** The number by which a person takes the newest rotation back. */
  private Optional<Integer> rollBack() {
    if (kept.standing() == Standing.TAINTED) {
      return Optional.empty();
    }
    return kept.heir()
        .map(heir -> heir.generation().number())
        .or(() -> kept.revivable().map(elder -> kept.current().number()));
  }

  private String current() {
    var material = kept.current().material();
    return "generation %d, %s"
            .formatted(
                kept.current().number(),
                ends(material.root().certificate(), material.issuing().certificate()))
        + tainted(kept.standing());
  }

  private static String heir(Heir heir) {
    var material = heir.generation().material();
    return "generation %d (%s, %s), begun %s, %s"
        .formatted(
            heir.generation().number(),
            word(heir.kind()),
            word(heir.cause()),
            heir.begun(),
            ends(material.root().certificate(), material.issuing().certificate()));
  }

  private static String elder(Elder elder) {
    return "generation %d, replaced %s, its last certificate ends %s"
            .formatted(elder.number(), elder.replaced(), elder.lastLeafEnds())
        + tainted(elder.standing());
  }

  private static String ends(X509Certificate root, X509Certificate issuing) {
    return "issuing CA ends %s, root ends %s"
        .formatted(issuing.getNotAfter().toInstant(), root.getNotAfter().toInstant());
  }

  private static String tainted(Standing standing) {
    return switch (standing) {
      case TRUSTED -> "";
      case TAINTED -> ", compromised";
    };
  }

  private String named() {
    var all = stragglers();
    var first = all.stream().limit(MOST_NAMED).map(one -> one.who() + ": " + one.why());
    return listed(
        all.size() > MOST_NAMED
            ? Stream.concat(first, Stream.of("and %d more".formatted(all.size() - MOST_NAMED)))
            : first);
  }

  private static String listed(Stream<String> lines) {
    var text = lines.collect(Collectors.joining("\n"));
    return text.isEmpty() ? "none" : text;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
