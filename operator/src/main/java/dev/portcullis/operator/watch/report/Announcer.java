package dev.portcullis.operator.watch.report;

import dev.portcullis.api.v1alpha1.ApiBackendPolicyStatus;
import dev.portcullis.operator.names.Names;
import dev.portcullis.operator.status.ConditionTypes;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells users of a change as a Kubernetes Event: one per condition whose value or reason changed.
 */
final class Announcer {

  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
  private static final int LONGEST_NOTE = 1024;
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final KubernetesClient client;
  private final String instance;
  private final InstantSource clock;

  Announcer(KubernetesClient client, String instance, InstantSource clock) {
    this.client = client;
    this.instance = instance;
    this.clock = clock;
  }

  /**
   * What a status says now.
   *
   * @param before empty when it said nothing
   */
  record Change(Optional<ApiBackendPolicyStatus> before, ApiBackendPolicyStatus now) {}

  /** What cannot be told is logged: a missing Event harms nobody. */
  void announce(HasMetadata policy, Change change) {
    change.now().conditions().stream()
        .filter(condition -> !condition.getType().equals(ConditionTypes.READY))
        .filter(condition -> isNews(condition, change.before()))
        .forEach(condition -> tell(policy, condition));
  }

  private static boolean isNews(Condition condition, Optional<ApiBackendPolicyStatus> before) {
    return before.stream()
        .flatMap(status -> status.conditions().stream())
        .noneMatch(
            old ->
                Objects.equals(old.getType(), condition.getType())
                    && Objects.equals(old.getStatus(), condition.getStatus())
                    && Objects.equals(old.getReason(), condition.getReason()));
  }

  private void tell(HasMetadata policy, Condition condition) {
    try {
      client.resource(event(policy, condition)).create();
    } catch (KubernetesClientException failure) {
      if (!EndingNamespace.refused(failure)) {
        LOG.warn("An Event could not be written: {}", failure.getMessage());
      }
    }
  }

  private Event event(HasMetadata policy, Condition condition) {
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(policy.getMetadata().getNamespace())
        .withGenerateName(policy.getMetadata().getName() + "-")
        .endMetadata()
        .withRegarding(regarding(policy))
        .withEventTime(new MicroTime(MICROS.format(clock.instant())))
        .withReportingController(Names.FIELD_MANAGER)
        .withReportingInstance(instance)
        .withAction(condition.getType())
        .withReason(condition.getReason())
        .withNote(shortened(condition.getMessage()))
        .withType("False".equals(condition.getStatus()) ? "Warning" : "Normal")
        .build();
  }

  private static ObjectReference regarding(HasMetadata policy) {
    return new ObjectReferenceBuilder()
        .withApiVersion(policy.getApiVersion())
        .withKind(policy.getKind())
        .withNamespace(policy.getMetadata().getNamespace())
        .withName(policy.getMetadata().getName())
        .withUid(policy.getMetadata().getUid())
        .build();
  }

  private static String shortened(String note) {
    return note.length() <= LONGEST_NOTE ? note : note.substring(0, LONGEST_NOTE - 1) + "…";
  }
}
