package dev.portcullis.operator.watch.clients;

import dev.portcullis.api.v1alpha1.ApiClientCertificate;
import dev.portcullis.api.v1alpha1.ApiClientCertificateStatus;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kubernetes events on ApiClientCertificates: what was written, and what begins to wait. */
final class ClientEvents {

  private static final Logger LOG = LoggerFactory.getLogger(ClientEvents.class);
  private static final int LONGEST_NOTE = 1024;
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final KubernetesClient client;
  private final String instance;
  private final Clock clock;

  ClientEvents(KubernetesClient client, String instance, Clock clock) {
    this.client = client;
    this.instance = instance;
    this.clock = clock;
  }

  /** What was done to the Secret. */
  void tell(ApiClientCertificate object, Outcome outcome) {
    switch (outcome) {
      case Outcome.Issued(var leaf, String cause) ->
          tell(
              object,
              "Normal",
              "Issued",
              "Secret %s has a new certificate, serial number %s, valid until %s: %s."
                  .formatted(
                      object.getSpec().secretName(), leaf.serialNumber(), leaf.notAfter(), cause));
      case Outcome.RootsFollowed followed ->
          tell(
              object,
              "Normal",
              "RootsFollowed",
              "ca.crt of Secret %s holds the roots of today."
                  .formatted(object.getSpec().secretName()));
      case Outcome.Kept kept -> LOG.trace("kept {}", object.getSpec().secretName());
      case Outcome.Withheld withheld -> LOG.debug("{}", withheld.message());
      case Outcome.Unanswered(String message) -> LOG.debug("{}", message);
    }
  }

  /** What stands against it since now. */
  void tellChanges(
      ApiClientCertificate object,
      ApiClientCertificateStatus before,
      ApiClientCertificateStatus now) {
    now.conditions().stream()
        .filter(condition -> "False".equals(condition.getStatus()))
        .filter(condition -> isNews(condition, before))
        .forEach(
            condition -> tell(object, "Warning", condition.getReason(), condition.getMessage()));
  }

  private static boolean isNews(Condition condition, ApiClientCertificateStatus before) {
    return Optional.ofNullable(before).stream()
        .flatMap(status -> status.conditions().stream())
        .noneMatch(
            old ->
                Objects.equals(old.getType(), condition.getType())
                    && Objects.equals(old.getStatus(), condition.getStatus())
                    && Objects.equals(old.getReason(), condition.getReason()));
  }

  /** What cannot be told is logged: a missing Event harms nobody. */
  private void tell(ApiClientCertificate object, String type, String reason, String note) {
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withNamespace(object.getMetadata().getNamespace())
            .withGenerateName(object.getMetadata().getName() + "-")
            .endMetadata()
            .withNewRegarding()
            .withApiVersion(object.getApiVersion())
            .withKind(object.getKind())
            .withNamespace(object.getMetadata().getNamespace())
            .withName(object.getMetadata().getName())
            .withUid(object.getMetadata().getUid())
            .endRegarding()
            .withEventTime(new MicroTime(MICROS.format(clock.instant())))
            .withReportingController(Names.FIELD_MANAGER)
            .withReportingInstance(instance)
            .withAction("KeepSecret")
            .withReason(reason)
            .withNote(note.length() <= LONGEST_NOTE ? note : note.substring(0, LONGEST_NOTE))
            .withType(type)
            .build();
    try {
      client.resource(event).create();
    } catch (KubernetesClientException e) {
      LOG.warn("an Event could not be written: {}", e.getMessage());
    }
  }
}
