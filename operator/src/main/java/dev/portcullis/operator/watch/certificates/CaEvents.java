package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Kubernetes events about the CA's Secret, and about whoever waits for a certificate. */
final class CaEvents {

  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private static final int LONGEST_NOTE = 1024;

  private final KubernetesClient client;
  private final String namespace;
  private final Clock clock;

  CaEvents(KubernetesClient client, String namespace, Clock clock) {
    this.client = client;
    this.namespace = namespace;
    this.clock = clock;
  }

  void tell(CaState state) {
    tell(new StepNews(type(state), "CertificateAuthority" + state.name(), state.message()));
  }

  void tell(StepNews news) {
    var secret =
        new ObjectReferenceBuilder()
            .withApiVersion("v1")
            .withKind("Secret")
            .withName(Names.CA_SECRET)
            .withNamespace(namespace)
            .build();
    tell(secret, news);
  }

  /** About another object, in that object's namespace. */
  void tell(ObjectReference about, StepNews news) {
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withGenerateName(about.getName() + "-")
            .withNamespace(about.getNamespace())
            .endMetadata()
            .withRegarding(about)
            .withNewEventTime(MICRO_TIME.format(clock.instant()))
            .withType(news.type())
            .withReason(news.reason())
            .withNote(shortened(news.note()))
            .withAction("CareForCertificateAuthority")
            .withReportingController("portcullis.dev/operator")
            .withReportingInstance(Names.FIELD_MANAGER)
            .build();
    client.resource(event).create();
  }

  private static String shortened(String note) {
    return note.length() <= LONGEST_NOTE ? note : note.substring(0, LONGEST_NOTE - 1) + "…";
  }

  private static String type(CaState state) {
    return switch (state) {
      case CaState.Ready ready -> "Normal";
      case CaState.Unread unread -> "Normal";
      case CaState.Absent absent -> "Normal";
      case CaState.RootOnly rootOnly -> "Normal";
      case CaState.Missing missing -> "Warning";
      case CaState.Damaged damaged -> "Warning";
      case CaState.Foreign foreign -> "Warning";
    };
  }
}
