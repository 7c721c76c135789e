package dev.portcullis.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;

/** What the container cannot make by itself. */
@ApplicationScoped
class Wiring {

  @Produces
  @Singleton
  KubernetesClient client(OperatorConfig config) {
    var builder = new KubernetesClientBuilder();
    config
        .kubeconfig()
        .map(file -> Config.fromKubeconfig(Path.of(file).toFile()))
        .ifPresent(builder::withConfig);
    return builder.build();
  }

  void close(@Disposes KubernetesClient client) {
    client.close();
  }
}
