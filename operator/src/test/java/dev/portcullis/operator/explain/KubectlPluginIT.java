package dev.portcullis.operator.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.apiserver.ApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script as kubectl finds it, with the real kubectl and policies of a real API server. */
class KubectlPluginIT {

  private static final Path CRD =
      Path.of("../crds/src/main/resources/crds/apibackendpolicies.portcullis.dev-v1.yaml");
  private static final Path PLUGIN = Path.of("../plugin").toAbsolutePath();
  private static final Path KUBECTL = Path.of(System.getenv("PORTCULLIS_KUBECTL"));

  @TempDir private static Path home;

  private static KubernetesClient admin;
  private static String namespace;

  private record Ended(int status, String output) {}

  @BeforeAll
  static void aClusterWithAPolicy() throws IOException {
    admin = ApiServer.admin();
    namespace = ApiServer.namespace(admin, "explained").getMetadata().getName();
    try (var crd = Files.newInputStream(CRD)) {
      admin.load(crd).forceConflicts().serverSideApply();
    }
    Files.writeString(home.resolve("kubeconfig"), ApiServer.kubeconfig());
    layOut();
  }

  @AfterAll
  static void close() {
    admin.close();
  }

  /** The class path of this test, as the image has it. */
  private static void layOut() throws IOException {
    var app = Files.createDirectories(home.resolve("app"));
    var lib = Files.createDirectories(home.resolve("lib/main"));
    var number = 0;
    for (var entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      var path = Path.of(entry);
      if (Files.isDirectory(path)) {
        pack(path, app.resolve(number++ + ".jar"));
      } else {
        Files.createSymbolicLink(lib.resolve(number++ + ".jar"), path.toAbsolutePath());
      }
    }
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        var files = Files.walk(classes)) {
      for (var file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
  }

  private static Ended kubectl(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(KUBECTL.toString()));
    command.addAll(Arrays.asList(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    var environment = builder.environment();
    var path =
        List.of(PLUGIN, KUBECTL.getParent(), Path.of(System.getProperty("java.home"), "bin"));
    environment.put(
        "PATH",
        String.join(":", path.stream().map(Path::toString).toList())
            + ":"
            + environment.get("PATH"));
    environment.put("KUBECONFIG", home.resolve("kubeconfig").toString());
    environment.put("PORTCULLIS_HOME", home.toString());
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }

  private static Path policy(String target) throws IOException {
    return Files.writeString(
        home.resolve("policy.yaml"),
        """
        apiVersion: portcullis.dev/v1alpha1
        kind: ApiBackendPolicy
        metadata: {name: orders, namespace: %s}
        spec:
          selector: {matchLabels: {app: orders}}
          backend: {port: 8080}
          callers:
            - name: edge
              serviceAccounts: [{namespace: ingress, name: edge}]
          routes:
            - {name: read, path: {exact: %s}, methods: [GET]}
        """
            .formatted(namespace, target));
  }

  @Test
  void anIdOfTheClustersPolicyIsExplained() throws Exception {
    assertThat(kubectl("apply", "-f", policy("/a").toString()).status()).isZero();
    var denied =
        kubectl("portcullis", "would", "GET", "/a", "--from", "shop/batch", "-n", namespace);
    assertThat(denied.output()).startsWith("denied: callers-");
    assertThat(denied.status()).isEqualTo(1);
    var id = denied.output().lines().findFirst().orElseThrow().split(" ")[1];

    var explained = kubectl("portcullis", "explain", id, "-A");

    assertThat(explained.output())
        .contains("policy      " + namespace + "/orders, generation 1", "route read: GET /a");
    assertThat(explained.status()).isZero();
  }

  /** This cluster has no kubelet that could give the logs. */
  @Test
  void aPodWhoseLogNobodyGivesIsNoHindrance() throws Exception {
    assertThat(kubectl("apply", "-f", policy("/a").toString()).status()).isZero();
    var pod =
        "{\"spec\":{\"nodeName\":\"gone\"},\"metadata\":{\"labels\":{\"portcullis.dev/policy\":\"orders\"}}}";
    var run = kubectl("run", "orders-1", "-n", namespace, "--image", "none", "--overrides", pod);
    assertThat(run.status()).as(run.output()).isZero();
    var denied =
        kubectl("portcullis", "would", "GET", "/a", "--from", "shop/batch", "-n", namespace);
    var id = denied.output().lines().findFirst().orElseThrow().split(" ")[1];

    var explained = kubectl("portcullis", "explain", id, "-n", namespace);

    assertThat(explained.output()).contains("orders, generation 1").doesNotContain("refused  ");
    assertThat(explained.status()).as(explained.output()).isZero();
  }

  @Test
  void aFileIsAskedBeforeItIsApplied() throws Exception {
    var file = policy("/b").toString();

    var passes = kubectl("portcullis", "would", "GET", "/b", "--from", "ingress/edge", "-f", file);

    assertThat(passes.output()).startsWith("passes by route read of " + namespace + "/orders");
    assertThat(passes.status()).isZero();
    assertThat(kubectl("portcullis", "would", "GET", "-f", file).status()).isEqualTo(2);
    Files.writeString(Path.of(file), "bad: [");
    var broken = kubectl("portcullis", "would", "GET", "/b", "--from", "ingress/edge", "-f", file);
    assertThat(broken.output()).startsWith("kubectl portcullis: this is no Kubernetes object");
    assertThat(broken.status()).isEqualTo(2);
  }
}
