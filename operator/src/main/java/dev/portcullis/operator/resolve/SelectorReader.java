package dev.portcullis.operator.resolve;

import dev.portcullis.api.v1alpha1.LabelSelector;
import dev.portcullis.operator.intent.PodSelector;
import dev.portcullis.operator.intent.PodSelector.Operator;
import dev.portcullis.operator.intent.PodSelector.Requirement;
import java.util.List;
import java.util.Map;

/** Label selectors. */
final class SelectorReader {

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
    return new PodSelector(
        selector.matchLabels(),
        selector.matchExpressions().stream().map(SelectorReader::read).toList());
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
