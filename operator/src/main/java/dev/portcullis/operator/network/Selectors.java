package dev.portcullis.operator.network;

import dev.portcullis.operator.intent.PodSelector;
import dev.portcullis.operator.intent.PodSelector.Requirement;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirementBuilder;

/** Label selectors in Kubernetes' form. */
final class Selectors {

  private Selectors() {}

  static LabelSelector toKubernetes(PodSelector selector) {
    return new LabelSelectorBuilder()
        .withMatchLabels(selector.matchLabels())
        .withMatchExpressions(
            selector.matchExpressions().stream().map(Selectors::requirement).toList())
        .build();
  }

  private static LabelSelectorRequirement requirement(Requirement requirement) {
    return new LabelSelectorRequirementBuilder()
        .withKey(requirement.key())
        .withOperator(operator(requirement.operator()))
        .withValues(requirement.values())
        .build();
  }

  private static String operator(PodSelector.Operator operator) {
    return switch (operator) {
      case IN -> "In";
      case NOT_IN -> "NotIn";
      case EXISTS -> "Exists";
      case DOES_NOT_EXIST -> "DoesNotExist";
    };
  }
}
