package dev.portcullis.operator.watch.report;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The conditions whose value or reason changed. */
public final class ConditionNews {

  private ConditionNews() {}

  /** Of {@code now}, in its order, what {@code before} did not say. */
  public static Stream<Condition> since(List<Condition> before, List<Condition> now) {
    return now.stream().filter(condition -> before.stream().noneMatch(old -> same(old, condition)));
  }

  /** Of {@code before}, what is not spoken of any more. */
  public static Stream<Condition> over(List<Condition> before, List<Condition> now) {
    return before.stream()
        .filter(
            old -> now.stream().noneMatch(condition -> condition.getType().equals(old.getType())));
  }

  private static boolean same(Condition old, Condition condition) {
    return Objects.equals(old.getType(), condition.getType())
        && Objects.equals(old.getStatus(), condition.getStatus())
        && Objects.equals(old.getReason(), condition.getReason());
  }
}
