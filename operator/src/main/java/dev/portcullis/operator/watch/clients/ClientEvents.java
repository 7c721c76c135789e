package dev.portcullis.operator.watch.clients;

import dev.portcullis.api.v1alpha1.ApiClientCertificate;
import dev.portcullis.api.v1alpha1.ApiClientCertificateStatus;
import dev.portcullis.operator.status.ConditionTypes;
import dev.portcullis.operator.watch.report.ConditionNews;
import dev.portcullis.operator.watch.report.EventRecorder;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kubernetes events on ApiClientCertificates: what was written, and what begins to wait. */
final class ClientEvents {

  private static final Logger LOG = LoggerFactory.getLogger(ClientEvents.class);

  private final EventRecorder recorder;

  ClientEvents(EventRecorder recorder) {
    this.recorder = recorder;
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

  /** What stands against it since now, or does no longer. */
  void tellChanges(
      ApiClientCertificate object,
      ApiClientCertificateStatus before,
      ApiClientCertificateStatus now) {
    var said =
        Optional.ofNullable(before).map(ApiClientCertificateStatus::conditions).orElse(List.of());
    ConditionNews.since(said, now.conditions())
        .filter(ClientEvents::isBad)
        .forEach(
            condition -> tell(object, "Warning", condition.getReason(), condition.getMessage()));
    ConditionNews.over(said, now.conditions())
        .forEach(
            condition ->
                tell(
                    object,
                    "Normal",
                    "NoLonger" + condition.getType(),
                    "This is over: " + condition.getMessage()));
  }

  private static boolean isBad(Condition condition) {
    return "False".equals(condition.getStatus()) || ConditionTypes.isAlarm(condition.getType());
  }

  private void tell(ApiClientCertificate object, String type, String reason, String note) {
    recorder.record(object, new EventRecorder.News(type, "KeepSecret", reason, note));
  }
}
