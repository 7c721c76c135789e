package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.rotation.Generation;
import dev.portcullis.operator.identity.rotation.Heir;
import dev.portcullis.operator.identity.rotation.Step;
import dev.portcullis.operator.identity.rotation.Straggler;
import dev.portcullis.operator.identity.rotation.Succession;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A step that was taken, for people.
 *
 * @param type {@code Normal} or {@code Warning}
 * @param reason a stable word
 * @param note a sentence
 */
record StepNews(String type, String reason, String note) {

  private static final int MOST_NAMED = 10;

  /** Empty for what nobody wants to know. */
  static Optional<StepNews> of(Step step, Succession after) {
    return switch (step) {
      case Step.Rest rest -> Optional.empty();
      case Step.NoteLifetime note -> Optional.empty();
      case Step.Prepare prepare ->
          normal("RotationPrepared", "Generation %d of the CA is made (%s, %s)", heir(after));
      case Step.Adopt adopt ->
          normal(
              "RotationPrepared",
              "Generation %d of the CA is the one brought (%s, %s)",
              heir(after));
      case Step.MarkDistributed mark ->
          normal(
              "RotationDistributed",
              "The root of generation %d is published (%s, %s)",
              heir(after));
      case Step.Switch(var passedOver) ->
          passing("RotationSwitched", "Generation %d signs", after.current().number(), passedOver);
      case Step.Cut cut ->
          Optional.of(
              new StepNews(
                  "Warning",
                  "RotationCut",
                  "Connections that a removed CA let in are told to close, and cut."));
      case Step.Retire(var number, var passedOver, var cut) ->
          passing("RotationRetired", "Generation %d is trusted no more", number, passedOver);
      case Step.Abandon abandon ->
          Optional.of(
              new StepNews(
                  "Warning",
                  "RotationAbandoned",
                  "The rotation is taken back; generation %d goes on signing."
                      .formatted(after.current().number())));
      case Step.Revive revive ->
          normal(
              "RotationTakenBack",
              "The CA before comes back as generation %d (%s, %s)",
              heir(after));
      case Step.Distrust distrust ->
          Optional.of(
              new StepNews(
                  "Warning",
                  "CertificateAuthorityDistrusted",
                  "Generation %d is compromised; generation %d is made to replace it."
                      .formatted(after.current().number(), number(after))));
    };
  }

  private static Optional<StepNews> normal(String reason, String sentence, Heir heir) {
    return Optional.of(
        new StepNews(
            "Normal",
            reason,
            sentence.formatted(heir.generation().number(), word(heir.kind()), word(heir.cause()))
                + "."));
  }

  private static Optional<StepNews> passing(
      String reason, String sentence, int number, List<Straggler> passedOver) {
    var said = sentence.formatted(number);
    return Optional.of(
        passedOver.isEmpty()
            ? new StepNews("Normal", reason, said + ".")
            : new StepNews("Warning", reason, said + ", without " + named(passedOver) + "."));
  }

  private static String named(List<Straggler> stragglers) {
    var first =
        stragglers.stream().limit(MOST_NAMED).map(Straggler::who).collect(Collectors.joining(", "));
    return stragglers.size() > MOST_NAMED
        ? first + " and %d more".formatted(stragglers.size() - MOST_NAMED)
        : first;
  }

  private static Heir heir(Succession after) {
    return after.heir().orElseThrow();
  }

  private static int number(Succession after) {
    return after.heir().map(Heir::generation).map(Generation::number).orElseThrow();
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
