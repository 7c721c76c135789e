package dev.portcullis.operator.watch.report;

import dev.portcullis.api.v1alpha1.ApiBackendPolicyStatus;
import dev.portcullis.operator.status.ConditionTypes;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;

/**
 * Tells users of a change as a Kubernetes Event: one per condition whose value or reason changed,
 * or that is over.
 *
 * @param recorder of the Events
 */
record Announcer(EventRecorder recorder) {

  /**
   * What a status says now.
   *
   * @param before empty when it said nothing
   */
  record Change(Optional<ApiBackendPolicyStatus> before, ApiBackendPolicyStatus now) {}

  void announce(HasMetadata policy, Change change) {
    var before = change.before().map(ApiBackendPolicyStatus::conditions).orElse(List.of());
    ConditionNews.since(before, change.now().conditions())
        .filter(condition -> !condition.getType().equals(ConditionTypes.READY))
        .forEach(condition -> recorder.record(policy, news(condition)));
    ConditionNews.over(before, change.now().conditions())
        .forEach(condition -> recorder.record(policy, relief(condition)));
  }

  private static EventRecorder.News relief(Condition condition) {
    return new EventRecorder.News(
        "Normal",
        condition.getType(),
        "NoLonger" + condition.getType(),
        "This is over: " + condition.getMessage());
  }

  private static EventRecorder.News news(Condition condition) {
    return new EventRecorder.News(
        isGood(condition) ? "Normal" : "Warning",
        condition.getType(),
        condition.getReason(),
        condition.getMessage());
  }

  private static boolean isGood(Condition condition) {
    return !"False".equals(condition.getStatus()) && !ConditionTypes.isAlarm(condition.getType());
  }
}
