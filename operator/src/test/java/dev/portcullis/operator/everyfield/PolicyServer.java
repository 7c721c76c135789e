package dev.portcullis.operator.everyfield;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.apiserver.ApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real API server that serves the API and is asked for its opinion alone. */
final class PolicyServer implements AutoCloseable {

  private static final String NAME = "apibackendpolicies.portcullis.dev";
  private static final Path CRD = Path.of("../crds/src/main/resources/crds/" + NAME + "-v1.yaml");

  private final KubernetesClient client;
  private final String namespace;

  private PolicyServer(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** Returns when the API is served. */
  static PolicyServer start() throws IOException {
    var client = ApiServer.admin();
    try (var crd = Files.newInputStream(CRD)) {
      client.load(crd).forceConflicts().serverSideApply();
    }
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(NAME)
        .waitUntilCondition(
            crd ->
                crd != null
                    && crd.getStatus() != null
                    && crd.getStatus().getConditions() != null
                    && crd.getStatus().getConditions().stream()
                        .anyMatch(each -> each.getType().equals("Established")),
            30,
            TimeUnit.SECONDS);
    var namespace = ApiServer.namespace(client, "every-field").getMetadata().getName();
    return new PolicyServer(client, namespace);
  }

  /** The policy with the schema's defaults, of its own namespace and age; empty when refused. */
  Optional<ApiBackendPolicy> defaulted(JsonNode policy) {
    var serialization = client.getKubernetesSerialization();
    var offered = serialization.convertValue(policy, GenericKubernetesResource.class);
    offered.getMetadata().setNamespace(namespace);
    try {
      var taken = client.resource(offered).dryRun().create();
      var read = serialization.convertValue(taken, ApiBackendPolicy.class);
      var metadata = policy.get("metadata");
      read.getMetadata().setNamespace(metadata.path("namespace").asText());
      read.getMetadata().setCreationTimestamp(metadata.path("creationTimestamp").asText());
      return Optional.of(read);
    } catch (KubernetesClientException e) {
      if (e.getCode() != 422) {
        throw e;
      }
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
