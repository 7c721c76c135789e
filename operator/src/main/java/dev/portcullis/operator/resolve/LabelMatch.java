package dev.portcullis.operator.resolve;

import dev.portcullis.api.v1alpha1.LabelSelector;
import java.util.Map;

/** Kubernetes' meaning of a label selector. */
final class LabelMatch {

  static boolean matches(LabelSelector selector, Map<String, String> labels) {
    return labels.entrySet().containsAll(selector.matchLabels().entrySet())
        && selector.matchExpressions().stream().allMatch(each -> matches(each, labels));
  }

  private static boolean matches(
      LabelSelector.Requirement requirement, Map<String, String> labels) {
    var value = labels.get(requirement.key());
    return switch (requirement.operator()) {
      case In -> value != null && requirement.values().contains(value);
      case NotIn -> value == null || !requirement.values().contains(value);
      case Exists -> value != null;
      case DoesNotExist -> value == null;
      case null -> false;
    };
  }

  private LabelMatch() {}
}
