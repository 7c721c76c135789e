package dev.portcullis.e2e;

import static org.awaitility.Awaitility.await;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Somebody with kubectl. */
final class ClusterUser {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final KubernetesClient client;

  ClusterUser(KubernetesClient client) {
    this.client = client;
  }

  void createNamespace(String name, Map<String, String> labels) {
    var namespace =
        new NamespaceBuilder()
            .withNewMetadata()
            .withName(name)
            .withLabels(labels)
            .endMetadata()
            .build();
    client.resource(namespace).serverSideApply();
  }

  /** Applies documents of YAML. */
  void apply(String namespace, String text) {
    client
        .load(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
        .items()
        .forEach(
            item ->
                client.resource(item).inNamespace(namespace).forceConflicts().serverSideApply());
  }

  void deleteNamespace(String name) {
    client.namespaces().withName(name).delete();
  }

  /** Deletes what these documents of YAML name. */
  void delete(String text) {
    client.load(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))).delete();
  }

  ApiBackendPolicy policy(String namespace, String name) {
    return client.resources(ApiBackendPolicy.class).inNamespace(namespace).withName(name).get();
  }

  List<Pod> pods(String namespace, String app) {
    return client.pods().inNamespace(namespace).withLabel("app", app).list().getItems().stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  void awaitReady(String namespace, String... pods) {
    for (var pod : pods) {
      await(pod + " ready")
          .atMost(PATIENCE)
          .until(
              () -> Readiness.isPodReady(client.pods().inNamespace(namespace).withName(pod).get()));
    }
  }

  String logs(Pod pod, String container) {
    return client.pods().resource(pod).inContainer(container).getLog();
  }

  /** Runs a command in a pod's first container; standard output and error together. */
  String exec(String namespace, String pod, String... command) {
    var output = new ByteArrayOutputStream();
    try (var watch =
        client
            .pods()
            .inNamespace(namespace)
            .withName(pod)
            .writingOutput(output)
            .writingError(output)
            .exec(command)) {
      watch.exitCode().get(25, TimeUnit.MINUTES);
      return output.toString(StandardCharsets.UTF_8);
    } catch (Exception e) {
      throw new IllegalStateException(
          String.join(" ", command) + " in " + namespace + "/" + pod + ": " + output, e);
    }
  }
}
