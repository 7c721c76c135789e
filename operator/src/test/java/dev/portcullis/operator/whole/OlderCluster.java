package dev.portcullis.operator.whole;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An API server that serves no kind of certificates.k8s.io, and holds our own kinds. */
final class OlderCluster implements AutoCloseable {

  private static final List<String> KINDS = List.of("apibackendpolicies", "apiclientcertificates");

  private final KubeAPIServer server = new KubeAPIServer(config().build());
  final KubernetesClient admin;

  OlderCluster() {
    server.start();
    admin = client();
    KINDS.forEach(this::define);
    namespace(Replica.NAMESPACE, Map.of());
  }

  /** Another client; the caller closes it. */
  KubernetesClient client() {
    return new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(server.getKubeConfigYaml()))
        .build();
  }

  Namespace namespace(String name, Map<String, String> labels) {
    var namespace =
        new NamespaceBuilder()
            .withNewMetadata()
            .withName(name)
            .withLabels(labels)
            .endMetadata()
            .build();
    return admin.resource(namespace).create();
  }

  private static KubeAPIServerConfigBuilder config() {
    var cache = Path.of(System.getProperty("user.home"), ".cache", "portcullis");
    var config =
        KubeAPIServerConfigBuilder.anAPIServerConfig()
            .withApiServerVersion("1.37.0")
            .withUpdateKubeConfig(false)
            .withApiServerFlag(
                "--runtime-config",
                "certificates.k8s.io/v1=false,certificates.k8s.io/v1beta1=false");
    return Files.isDirectory(cache.resolve("k8s")) ? config.withTestDir(cache.toString()) : config;
  }

  private void define(String kind) {
    var crd =
        admin
            .apiextensions()
            .v1()
            .customResourceDefinitions()
            .load(
                OlderCluster.class.getResourceAsStream("/crds/" + kind + ".portcullis.dev-v1.yaml"))
            .item();
    admin.resource(crd).create();
    admin
        .resources(CustomResourceDefinition.class)
        .withName(crd.getMetadata().getName())
        .waitUntilCondition(OlderCluster::isEstablished, 30, TimeUnit.SECONDS);
  }

  private static boolean isEstablished(CustomResourceDefinition crd) {
    return crd.getStatus() != null
        && crd.getStatus().getConditions() != null
        && crd.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Established") && c.getStatus().equals("True"));
  }

  @Override
  public void close() {
    admin.close();
    server.stop();
  }
}
