package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Kubernetes label selector: all of its labels and all of its expressions must hold. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record LabelSelector(Map<String, String> matchLabels, List<Requirement> matchExpressions) {

  /** One expression over the values of a label. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Requirement(String key, Operator operator, List<String> values) {
    public Requirement {
      values = Absent.toEmpty(values);
    }
  }

  /** How a requirement's values are compared. */
  public enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist
  }

  public LabelSelector {
    matchLabels = Absent.toEmpty(matchLabels);
    matchExpressions = Absent.toEmpty(matchExpressions);
  }

  /** In kubectl's notation: {@code app=orders,tier in (web,api)}. */
  public String asText() {
    var labels =
        matchLabels.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(label -> label.getKey() + "=" + label.getValue());
    return Stream.concat(labels, matchExpressions.stream().map(LabelSelector::asText))
        .collect(Collectors.joining(","));
  }

  private static String asText(Requirement requirement) {
    var values = "(" + String.join(",", requirement.values()) + ")";
    return switch (requirement.operator()) {
      case In -> requirement.key() + " in " + values;
      case NotIn -> requirement.key() + " notin " + values;
      case Exists -> requirement.key();
      case DoesNotExist -> "!" + requirement.key();
    };
  }
}
