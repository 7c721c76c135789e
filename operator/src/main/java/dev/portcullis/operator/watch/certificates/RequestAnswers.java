package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.Leaf;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** Writes answers into the status of requests, each bound to the version that was read. */
final class RequestAnswers {

  private final KubernetesClient client;
  private final ResourceDefinitionContext api;
  private final Clock clock;

  RequestAnswers(KubernetesClient client, ResourceDefinitionContext api, Clock clock) {
    this.client = client;
    this.api = api;
    this.clock = clock;
  }

  void issue(PodCertificate request, Leaf leaf) {
    write(
        request,
        Map.of(
            "certificateChain", leaf.chain(),
            "notBefore", leaf.notBefore().toString(),
            "notAfter", leaf.notAfter().toString(),
            "beginRefreshAt", leaf.beginRefreshAt().toString(),
            "conditions", List.of(condition("Issued", "Issued", "Signed by " + Names.SIGNER))));
  }

  void deny(PodCertificate request, Verdict.Denied denied) {
    write(
        request,
        Map.of("conditions", List.of(condition("Denied", denied.reason(), denied.message()))));
  }

  private Map<String, String> condition(String type, String reason, String message) {
    return Map.of(
        "type", type,
        "status", "True",
        "reason", reason,
        "message", message,
        "lastTransitionTime", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private void write(PodCertificate request, Map<String, Object> status) {
    var answer = new GenericKubernetesResource();
    answer.setApiVersion(api.getGroup() + "/" + api.getVersion());
    answer.setKind(api.getKind());
    answer.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(request.namespace())
            .withName(request.name())
            .withResourceVersion(request.resource().getMetadata().getResourceVersion())
            .build());
    answer.setAdditionalProperty("status", status);
    client
        .genericKubernetesResources(api)
        .inNamespace(request.namespace())
        .resource(answer)
        .updateStatus();
  }
}
