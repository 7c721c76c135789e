package dev.portcullis.operator.intent;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A Kubernetes label selector; an empty one selects everything. */
public record PodSelector(Map<String, String> matchLabels, List<Requirement> matchExpressions) {

  /** One {@code matchExpressions} entry. */
  public record Requirement(String key, Operator operator, List<String> values) {
    public Requirement {
      values = List.copyOf(values);
    }
  }

  /** Kubernetes' selector operators. */
  public enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST
  }

  public PodSelector {
    matchLabels = Collections.unmodifiableMap(new TreeMap<>(matchLabels));
    matchExpressions = List.copyOf(matchExpressions);
  }
}
