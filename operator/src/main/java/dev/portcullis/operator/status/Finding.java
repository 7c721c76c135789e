package dev.portcullis.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;

/** A condition without its time. */
record Finding(String type, Value value, String reason, String message) {

  Finding {
    message = Sentence.bounded(message);
  }

  /** What a condition says. */
  enum Value {
    TRUE("True"),
    FALSE("False"),
    UNKNOWN("Unknown");

    final String text;

    Value(String text) {
      this.text = text;
    }
  }

  boolean holds() {
    return value == Value.TRUE;
  }

  Finding as(String otherType) {
    return new Finding(otherType, value, reason, message);
  }

  Condition at(long generation, String time) {
    return new ConditionBuilder()
        .withType(type)
        .withStatus(value.text)
        .withReason(reason)
        .withMessage(message)
        .withObservedGeneration(generation)
        .withLastTransitionTime(time)
        .build();
  }
}
