package dev.portcullis.operator.resolve;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.api.v1alpha1.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * Which policy of a namespace selects a pod: the oldest whose selector matches, equal ages by name
 * (GEP-713's rule). Injection and delivery both ask here, so a pod never runs one policy's sidecar
 * with another's configuration.
 */
public final class PolicySelection {

  /** First comes the one that wins. Timestamps are RFC 3339 in UTC: their text sorts as they do. */
  public static final Comparator<ApiBackendPolicy> PRECEDENCE =
      Comparator.comparing(policy -> policy.getMetadata(), PolicySelection::compare);

  /**
   * @param policies those of the pod's namespace
   * @param labels those of the pod
   */
  public static Optional<ApiBackendPolicy> select(
      Collection<ApiBackendPolicy> policies, Map<String, String> labels) {
    return policies.stream().filter(policy -> selects(policy, labels)).min(PRECEDENCE);
  }

  /** A policy without a selector, or with an empty one, selects nothing. */
  public static boolean selects(ApiBackendPolicy policy, Map<String, String> labels) {
    var selector = policy.getSpec() == null ? null : policy.getSpec().selector();
    return selector != null && !isEmpty(selector) && LabelMatch.matches(selector, labels);
  }

  private static boolean isEmpty(LabelSelector selector) {
    return selector.matchLabels().isEmpty() && selector.matchExpressions().isEmpty();
  }

  /** One that the API server has not dated yet (a dry run) is the youngest. */
  private static int compare(ObjectMeta one, ObjectMeta other) {
    return Comparator.comparing(
            ObjectMeta::getCreationTimestamp, Comparator.nullsLast(Comparator.naturalOrder()))
        .thenComparing(ObjectMeta::getNamespace, Comparator.nullsFirst(Comparator.naturalOrder()))
        .thenComparing(ObjectMeta::getName)
        .compare(one, other);
  }

  private PolicySelection() {}
}
