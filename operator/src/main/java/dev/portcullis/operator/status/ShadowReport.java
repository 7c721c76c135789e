package dev.portcullis.operator.status;

import dev.portcullis.api.v1alpha1.ShadowStatus;
import java.util.Comparator;
import java.util.Map;

/** {@code status.shadow}. */
final class ShadowReport {

  private static final Comparator<ShadowStatus.Rule> MOST_FIRST =
      Comparator.comparingLong(ShadowStatus.Rule::requests)
          .reversed()
          .thenComparing(ShadowStatus.Rule::rule)
          .thenComparing(ShadowStatus.Rule::route);

  static ShadowStatus of(ShadowCounts counts) {
    var more = counts.requests().size() - ShadowStatus.MAX_RULES;
    return new ShadowStatus(
        counts.total(),
        counts.requests().entrySet().stream()
            .map(ShadowReport::rule)
            .sorted(MOST_FIRST)
            .limit(ShadowStatus.MAX_RULES)
            .toList(),
        more > 0 ? more : null);
  }

  private static ShadowStatus.Rule rule(Map.Entry<ShadowCounts.Rule, Long> counted) {
    return new ShadowStatus.Rule(
        counted.getKey().rule(), counted.getKey().route(), counted.getValue());
  }

  private ShadowReport() {}
}
