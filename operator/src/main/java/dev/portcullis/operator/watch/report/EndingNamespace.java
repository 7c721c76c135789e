package dev.portcullis.operator.watch.report;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/** A namespace that is being deleted takes nothing new; what we keep there goes with it. */
final class EndingNamespace {

  private static final String REASON = "NamespaceTerminating";

  private EndingNamespace() {}

  /** Whether that is why the API server refused. */
  static boolean refused(KubernetesClientException failure) {
    return Optional.ofNullable(failure.getStatus())
        .flatMap(status -> Optional.ofNullable(status.getDetails()))
        .stream()
        .flatMap(details -> details.getCauses().stream())
        .anyMatch(cause -> REASON.equals(cause.getReason()));
  }
}
