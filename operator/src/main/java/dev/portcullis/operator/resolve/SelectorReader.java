package dev.portcullis.operator.resolve;

import dev.portcullis.api.v1alpha1.LabelSelector;
import dev.portcullis.operator.intent.PodSelector;
import dev.portcullis.operator.intent.PodSelector.Operator;
import dev.portcullis.operator.intent.PodSelector.Requirement;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Label selectors. */
final class SelectorReader {

  private static final Pattern VALUE =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");

  static final PodSelector EVERYTHING = new PodSelector(Map.of(), List.of());

  /** The policy's own, which must not select the whole namespace by accident. */
  static PodSelector readOwn(LabelSelector selector, At at) {
    var read = selector == null ? EVERYTHING : read(selector, at);
    if (read.equals(EVERYTHING)) {
      at.invalid("Name at least one label: an empty selector would select every pod.");
    }
    return read;
  }

  static PodSelector read(LabelSelector selector, At at) {
    var expressions = at.field("matchExpressions");
    var incomplete =
        selector.matchExpressions().stream()
            .anyMatch(each -> each.key() == null || each.operator() == null);
    if (incomplete) {
      expressions.invalid("Give each expression a key and an operator.");
      return EVERYTHING;
    }
    if (!values(selector).allMatch(VALUE.asMatchPredicate())) {
      at.invalid("Write valid values of labels: Kubernetes refuses the others in a NetworkPolicy.");
      return EVERYTHING;
    }
    return new PodSelector(
        selector.matchLabels(),
        selector.matchExpressions().stream().map(SelectorReader::read).toList());
  }

  private static Stream<String> values(LabelSelector selector) {
    return Stream.concat(
        selector.matchLabels().values().stream(),
        selector.matchExpressions().stream().flatMap(each -> each.values().stream()));
  }

  private static Requirement read(LabelSelector.Requirement requirement) {
    var operator =
        switch (requirement.operator()) {
          case In -> Operator.IN;
          case NotIn -> Operator.NOT_IN;
          case Exists -> Operator.EXISTS;
          case DoesNotExist -> Operator.DOES_NOT_EXIST;
        };
    return new Requirement(requirement.key(), operator, requirement.values());
  }

  private SelectorReader() {}
}
