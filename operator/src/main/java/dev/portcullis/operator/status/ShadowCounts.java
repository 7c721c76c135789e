package dev.portcullis.operator.status;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Requests that a rule would have denied but for the policy's mode, since the sidecars were
 * started.
 */
public record ShadowCounts(Map<Rule, Long> requests) {

  public static final ShadowCounts NONE = new ShadowCounts(Map.of());

  /** What would have denied, at which line of the route table. */
  public record Rule(String rule, String route) {}

  public ShadowCounts {
    requests = Map.copyOf(requests);
  }

  /** Of several pods together. */
  public static ShadowCounts sum(Stream<ShadowCounts> each) {
    var sum = new HashMap<Rule, Long>();
    each.forEach(
        counts -> counts.requests.forEach((rule, count) -> sum.merge(rule, count, Long::sum)));
    return new ShadowCounts(sum);
  }

  long total() {
    return requests.values().stream().mapToLong(Long::longValue).sum();
  }
}
