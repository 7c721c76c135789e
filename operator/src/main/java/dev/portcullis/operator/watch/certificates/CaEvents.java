package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** Kubernetes events about the CA's Secret. */
final class CaEvents {

  private final KubernetesClient client;
  private final String namespace;
  private final Clock clock;

  CaEvents(KubernetesClient client, String namespace, Clock clock) {
    this.client = client;
    this.namespace = namespace;
    this.clock = clock;
  }

  void tell(CaState state) {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withGenerateName(Names.CA_SECRET + ".")
            .withNamespace(namespace)
            .endMetadata()
            .withNewInvolvedObject()
            .withApiVersion("v1")
            .withKind("Secret")
            .withName(Names.CA_SECRET)
            .withNamespace(namespace)
            .endInvolvedObject()
            .withType(type(state))
            .withReason("CertificateAuthority" + state.name())
            .withMessage(state.message())
            .withFirstTimestamp(now)
            .withLastTimestamp(now)
            .withCount(1)
            .withNewSource()
            .withComponent(Names.FIELD_MANAGER)
            .endSource()
            .build();
    client.resource(event).create();
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
