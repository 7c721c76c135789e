package dev.portcullis.e2e;

import dev.portcullis.e2e.cluster.ExistingCluster;
import dev.portcullis.e2e.cluster.KindNode;
import dev.portcullis.e2e.cluster.TestCluster;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Portcullis installed by its chart, on a cluster, with the sample callers in it. */
final class Installation implements AutoCloseable {

  static final String NAMESPACE = "portcullis-system";

  /**
   * What classes share that want the operator up, and what the one that takes it down has to
   * itself.
   */
  static final String OPERATOR = "operator";

  /** What classes share that count connections, and what the one that has all cut has to itself. */
  static final String CONNECTIONS = "connections";

  /** The chart's default, and more than {@code demo/values.yaml} wants of a small machine. */
  static final int REPLICAS = 2;

  private final TestCluster cluster;
  private final Path kubeconfig;
  private final KubernetesClient client;

  private Installation(TestCluster cluster) throws IOException {
    this.cluster = cluster;
    this.kubeconfig = Files.createTempFile("kubeconfig", ".yaml");
    Files.writeString(kubeconfig, cluster.kubeconfig());
    this.client =
        new KubernetesClientBuilder()
            .withConfig(patient(Config.fromKubeconfig(cluster.kubeconfig())))
            .build();
  }

  /** A test that measures the gate must not end because the machine is busy. */
  private static Config patient(Config config) {
    var patience = (int) Duration.ofMinutes(1).toMillis();
    return new ConfigBuilder(config)
        .withConnectionTimeout(patience)
        .withRequestTimeout(patience)
        .build();
  }

  static Installation install() {
    try {
      Progress.say("starting a cluster");
      var installation = new Installation(newCluster());
      Progress.say("loading images");
      installation.cluster.load(Environment.images());
      Progress.say("installing the chart");
      installation.user().createNamespace(NAMESPACE, Map.of());
      RateLimitStore.prepare(installation.client);
      installation.helm();
      Progress.say("starting the sample callers");
      installation.user().createNamespace("callers", Map.of());
      installation.user().apply("callers", Files.readString(Path.of("demo/callers.yaml")));
      installation.user().awaitReady("callers", "edge", "stranger");
      return installation;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TestCluster newCluster() {
    return Environment.givenCluster()
        .<TestCluster>map(ExistingCluster::new)
        .orElseGet(() -> KindNode.start(Environment.nodeImage()));
  }

  ClusterUser user() {
    return new ClusterUser(client);
  }

  /** What {@code openssl x509} answers of the certificate that the caller edge holds. */
  String certificateOfEdge(String... questions) {
    var command = new ArrayList<>(List.of("openssl", "x509", "-noout"));
    command.addAll(List.of(questions));
    command.addAll(List.of("-in", "/var/run/identity/credentialbundle.pem"));
    return user().exec("callers", "edge", command.toArray(String[]::new));
  }

  TestCluster cluster() {
    return cluster;
  }

  KubernetesClient client() {
    return client;
  }

  /** Installs, or upgrades to, the chart with the tests' values and the given ones. */
  void helm(String... values) {
    var command =
        new ArrayList<>(
            List.of(
                Environment.helm(),
                "upgrade",
                "--install",
                "portcullis",
                "../helm/portcullis",
                "--kubeconfig",
                kubeconfig.toString(),
                "--namespace",
                NAMESPACE,
                "--create-namespace",
                "--values",
                "demo/values.yaml",
                "--set",
                "testHooks=true",
                "--set",
                "replicas=" + REPLICAS,
                // as short as Kubernetes allows
                "--set",
                "certificates.lifetime=1h",
                "--set",
                "certificates.renewAfter=10m",
                "--set",
                "certificates.rotation.spread=1m",
                "--wait",
                "--timeout",
                "4m"));
    command.addAll(RateLimitStore.values());
    for (var value : values) {
      command.addAll(List.of("--set", value));
    }
    Processes.run(command);
  }

  /** What {@code kubectl portcullis} answers on this machine. */
  String plugin(String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                "env",
                "KUBECONFIG=" + kubeconfig,
                "PATH=" + Environment.kubectl().getParent() + ":" + System.getenv("PATH"),
                "../plugin/kubectl-portcullis"));
    command.addAll(List.of(arguments));
    return Processes.run(command);
  }

  @Override
  public void close() {
    client.close();
    cluster.close();
  }
}
