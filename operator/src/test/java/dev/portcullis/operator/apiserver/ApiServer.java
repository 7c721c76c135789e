package dev.portcullis.operator.apiserver;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The one API server of this JVM: started by the first test that asks, stopped with the JVM. Tests
 * share it, so each makes a namespace of its own.
 */
public final class ApiServer {

  private static final String KUBECONFIG = start();

  /** A definition with many rules takes an API server on a busy machine its time. */
  private static final int PATIENCE_MILLIS = 60_000;

  private ApiServer() {}

  /** A client that may do everything; the caller closes it. */
  public static KubernetesClient admin() {
    var config = Config.fromKubeconfig(KUBECONFIG);
    config.setRequestTimeout(PATIENCE_MILLIS);
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** That of an administrator, for other processes. */
  public static String kubeconfig() {
    return KUBECONFIG;
  }

  /** A client that may do what the service account may; the caller closes it. */
  public static KubernetesClient as(String namespace, String serviceAccount) {
    return new KubernetesClientBuilder().withConfig(configOf(namespace, serviceAccount)).build();
  }

  /** How a client becomes one that may do what the service account may. */
  public static Config configOf(String namespace, String serviceAccount) {
    var config = Config.fromKubeconfig(KUBECONFIG);
    config.setImpersonateUsername("system:serviceaccount:" + namespace + ":" + serviceAccount);
    return config;
  }

  /** Makes a namespace with a name of its own that begins with the prefix. */
  public static Namespace namespace(KubernetesClient admin, String prefix) {
    return namespace(admin, prefix, Map.of());
  }

  /** Makes a labelled namespace with a name of its own that begins with the prefix. */
  public static Namespace namespace(
      KubernetesClient admin, String prefix, Map<String, String> labels) {
    var namespace =
        new NamespaceBuilder()
            .withNewMetadata()
            .withGenerateName(prefix + "-")
            .withLabels(labels)
            .endMetadata()
            .build();
    return admin.namespaces().resource(namespace).create();
  }

  private static String start() {
    var config =
        KubeAPIServerConfigBuilder.anAPIServerConfig()
            .withApiServerVersion(environment("KUBE_API_TEST_API_SERVER_VERSION", "1.37.0"))
            .withUpdateKubeConfig(false);
    var cache = environment("KUBE_API_TEST_DIR", home().toString());
    if (Files.isDirectory(Path.of(cache, "k8s"))) {
      config.withTestDir(cache);
    }
    var server = new KubeAPIServer(config.build());
    server.start();
    Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "stop kube-apiserver"));
    return server.getKubeConfigYaml();
  }

  private static Path home() {
    return Path.of(System.getProperty("user.home"), ".cache", "portcullis");
  }

  private static String environment(String name, String otherwise) {
    return Optional.ofNullable(System.getenv(name)).orElse(otherwise);
  }
}
