package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Kubernetes label selector: all of its labels and all of its expressions must hold. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record LabelSelector(
    @Size(max = 16)
        @ValidationRule(
            value =
                "self.all(k, !format.qualifiedName().validate(k).hasValue() &&"
                    + " !format.labelValue().validate(self[k]).hasValue())",
            message =
                "Write valid labels: a key such as app or example.com/app, a value of at most 63"
                    + " letters, digits, '-', '_' and '.'.")
        @JsonPropertyDescription(
            "Labels that must be there with exactly these values: at most 16. All of them must"
                + " hold.")
        Map<String, @Size(max = 63) String> matchLabels,
    @Size(max = 8)
        @JsonPropertyDescription(
            "Expressions over labels: at most 8. All of them must hold, and all of matchLabels"
                + " too.")
        List<Requirement> matchExpressions) {

  /** One expression over the values of a label. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @ValidationRule(
      value = "(self.operator in ['In', 'NotIn']) == (has(self.values) && size(self.values) > 0)",
      fieldPath = ".values",
      message = "Give values with the operators In and NotIn, and none with Exists, DoesNotExist.")
  public record Requirement(
      @Required
          @Size(min = 1, max = 317)
          @ValidationRule(
              value = "!format.qualifiedName().validate(self).hasValue()",
              message = "Write a valid label key such as app or example.com/app.")
          @JsonPropertyDescription("The key of the label.")
          String key,
      @Required
          @JsonPropertyDescription(
              "How the label is compared. In: its value is one of values. NotIn: it is none of"
                  + " them, or the label is absent. Exists: the label is there. DoesNotExist: it is"
                  + " not.")
          Operator operator,
      @Size(max = 16)
          @ValidationRule(
              value = "self.all(v, !format.labelValue().validate(v).hasValue())",
              message =
                  "Write valid values of labels: at most 63 letters, digits, '-', '_' and '.',"
                      + " beginning and ending with a letter or digit.")
          @JsonPropertyDescription(
              "The values for In and NotIn: at least one, at most 16. Must be empty for Exists and"
                  + " DoesNotExist.")
          List<@Size(max = 63) String> values) {
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
