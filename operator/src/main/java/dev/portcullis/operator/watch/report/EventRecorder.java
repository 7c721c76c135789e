package dev.portcullis.operator.watch.report;

import dev.portcullis.operator.names.Names;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes Kubernetes Events beside the objects that they are about. */
public final class EventRecorder {

  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
  private static final int LONGEST_NOTE = 1024;
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final KubernetesClient client;
  private final String instance;
  private final InstantSource clock;

  /**
   * @param instance name of this replica
   */
  public EventRecorder(KubernetesClient client, String instance, InstantSource clock) {
    this.client = client;
    this.instance = instance;
    this.clock = clock;
  }

  /**
   * What an Event says.
   *
   * @param type {@code Normal} or {@code Warning}
   * @param note a sentence; cut after 1,024 characters
   */
  public record News(String type, String action, String reason, String note) {}

  /** What cannot be told is logged: a missing Event harms nobody. */
  public void record(HasMetadata about, News news) {
    try {
      client.resource(event(about, news)).create();
    } catch (KubernetesClientException failure) {
      if (!EndingNamespace.refused(failure)) {
        LOG.warn("An Event could not be written: {}", failure.getMessage());
      }
    }
  }

  private Event event(HasMetadata about, News news) {
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(about.getMetadata().getNamespace())
        .withGenerateName(about.getMetadata().getName() + "-")
        .endMetadata()
        .withRegarding(reference(about))
        .withEventTime(new MicroTime(MICROS.format(clock.instant())))
        .withReportingController(Names.FIELD_MANAGER)
        .withReportingInstance(instance)
        .withAction(news.action())
        .withReason(news.reason())
        .withNote(shortened(news.note()))
        .withType(news.type())
        .build();
  }

  private static ObjectReference reference(HasMetadata about) {
    return new ObjectReferenceBuilder()
        .withApiVersion(about.getApiVersion())
        .withKind(about.getKind())
        .withNamespace(about.getMetadata().getNamespace())
        .withName(about.getMetadata().getName())
        .withUid(about.getMetadata().getUid())
        .build();
  }

  private static String shortened(String note) {
    return note.length() <= LONGEST_NOTE ? note : note.substring(0, LONGEST_NOTE - 1) + "…";
  }
}
