package dev.portcullis.e2e;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.Collection;
import java.util.Optional;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/** What can be said of a policy's status. */
final class PolicyAssert extends AbstractAssert<PolicyAssert, ApiBackendPolicy> {

  private PolicyAssert(ApiBackendPolicy policy) {
    super(policy, PolicyAssert.class);
  }

  static PolicyAssert assertThat(ApiBackendPolicy policy) {
    return new PolicyAssert(policy);
  }

  /** The condition has the status, and speaks of the newest generation. */
  PolicyAssert hasCurrentCondition(String type, String status) {
    isNotNull();
    var condition = condition(type);
    if (condition.isEmpty()) {
      failWithMessage("no condition %s yet", type);
    }
    var found = condition.orElseThrow();
    if (!found.getStatus().equals(status)
        || !actual.getMetadata().getGeneration().equals(found.getObservedGeneration())) {
      failWithMessage(
          "expected %s=%s of generation %d, but it is %s of generation %d: %s %s%nshortfalls: %s",
          type,
          status,
          actual.getMetadata().getGeneration(),
          found.getStatus(),
          found.getObservedGeneration(),
          found.getReason(),
          found.getMessage(),
          actual.getStatus().shortfalls());
    }
    return this;
  }

  PolicyAssert hasMessageContaining(String type, String text) {
    hasCurrentCondition(type, condition(type).map(Condition::getStatus).orElse(""));
    var message = condition(type).orElseThrow().getMessage();
    if (!message.contains(text)) {
      failWithMessage(
          "expected the message of %s to contain <%s>, but it is <%s>", type, text, message);
    }
    return this;
  }

  /** Exactly these pods fall short, for this reason. */
  PolicyAssert hasShortfalls(String reason, Collection<String> pods) {
    isNotNull();
    var found =
        actual.getStatus().shortfalls().stream()
            .map(shortfall -> shortfall.pod() + " " + shortfall.reason())
            .toList();
    Assertions.assertThat(found)
        .containsExactlyInAnyOrderElementsOf(pods.stream().map(pod -> pod + " " + reason).toList());
    return this;
  }

  private Optional<Condition> condition(String type) {
    if (actual.getStatus() == null) {
      return Optional.empty();
    }
    return actual.getStatus().conditions().stream()
        .filter(c -> c.getType().equals(type))
        .findFirst();
  }
}
