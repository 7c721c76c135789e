package dev.portcullis.operator.whole;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.api.v1alpha1.ApiClientCertificate;
import dev.portcullis.bootstrap.contract.Capture;
import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.bootstrap.contract.SidecarEnv;
import dev.portcullis.operator.identity.CertificateAuthority;
import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.names.Annotations;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose kubelets cannot get certificates: the user sees no difference. */
class OlderClusterIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int XDS = freePort();
  private static final int CANARY = freePort();
  private static final Map<String, String> SETTINGS =
      Map.of(
          "portcullis.rotation.spread",
          "1s",
          "portcullis.xds.port",
          String.valueOf(XDS),
          "portcullis.xds.canary-port",
          String.valueOf(CANARY),
          "portcullis.webhook.port",
          String.valueOf(freePort()));

  @TempDir static Path machine;
  @TempDir Path home;

  private static OlderCluster cluster;
  private static Sandbox canary;
  private static Envoy canaryProxy;
  private static int count;

  private Replica operator;
  private Kubelet kubelet;
  private Policies policies;
  private Gated backend;

  @BeforeAll
  static void startCluster() {
    Assumptions.assumeTrue(Sandbox.possible(), "SKIPPED: needs root, ip, unshare and nft");
    cluster = new OlderCluster();
    canary = Sandbox.beside(machine);
    canary.initialise("canary", Map.of(SidecarEnv.CANARY_PORT, String.valueOf(CANARY)));
    canaryProxy = Envoy.start(canary);
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      canary.close();
      cluster.close();
    }
  }

  @BeforeEach
  void aBackendBehindItsGate() throws InterruptedException, IOException {
    operator = operator(Map.of());
    var namespace =
        cluster.namespace("shop-" + ++count, Map.of(Labels.INJECT, Labels.INJECT_ENABLED));
    kubelet = new Kubelet(cluster.admin, namespace.getMetadata().getName());
    policies = new Policies(cluster.admin, kubelet.namespace());
    policies.apply("/first");
    var pod = kubelet.createStreamed("orders-1", Map.of("app", "orders"), "orders");
    backend =
        Gated.start(
            kubelet,
            pod,
            home.resolve("pod"),
            new Gated.Way(Capture.REDIRECT, XDS, KeyDelivery.STREAM));
    application();
    awaitEnforced();
  }

  @AfterEach
  void stop() {
    if (backend != null) {
      cluster.admin.resource(backend.pod()).withGracePeriod(0).delete();
      backend.close();
    }
    if (operator != null) {
      operator.close();
    }
  }

  @Test
  void thePodIsServedWithAKeyThatIsNowhereButInItsProxy() throws Exception {
    // When
    var caller = caller();

    // Then
    assertThat(caller.get("/first")).isEqualTo(200);
    assertThat(caller.get("/other")).isEqualTo(404);
    assertThat(policies.status().certificates().soonestExpiry()).isNotBlank();
    assertThat(policies.status().certificates().keysByStream()).isEqualTo(1);
    assertThat(started()).isEqualTo(200);

    // and
    assertThat(backend.envoy().admin("/certs")).contains("/sa/orders-1");
    assertThat(backend.envoy().admin("/config_dump"))
        .containsAnyOf("[redacted]", base64("[redacted]"))
        .doesNotContain("PRIVATE KEY");
    assertThat(canaryProxy.admin("/certs")).isNotEmpty().doesNotContain("/sa/orders-1");
    assertThat(counted("portcullis.canary.secrets")).isZero();
    assertThat(filesWithKeys(home.resolve("pod"))).isEmpty();
    assertThat(operator.registry().getMetersAsString()).doesNotContain("PRIVATE KEY");
    assertThat(secretsIn(kubelet.namespace())).containsExactly("caller");
    assertThat(secretsIn(Replica.NAMESPACE)).containsExactly(Names.CA_SECRET);
    assertThat(cluster.admin.configMaps().inAnyNamespace().list().toString())
        .doesNotContain("PRIVATE KEY");
  }

  @Test
  void aStrangerIsRefused() throws Exception {
    assertThat(caller("stranger").get("/first")).isEqualTo(403);
  }

  @Test
  void http3IsServedWithTheSameKey() throws Exception {
    // When
    policies.applyWithHttp3();
    awaitEnforced();

    // Then
    assertThat(caller().get("/first")).isEqualTo(200);
    assertThat(backend.envoy().admin("/stats?usedonly&filter=quic_server_transport_socket_factory"))
        .contains("context_config_update_by_sds");
  }

  @Test
  void renewalsUnderLoadLoseNothing() throws Exception {
    var caller = caller();
    var stays = caller();
    try (var fresh = new SteadyLoad(() -> caller.get("/first"));
        var kept = new SteadyLoad(() -> stays.getAgain("/first"))) {
      awaitMore(fresh, kept);

      // When every certificate is to be replaced two seconds after it was made
      var serials = new HashSet<>(serials());
      var listeners = listeners();
      var soon = CertificateAuthority.BACKDATED.plusSeconds(2);
      restart(Map.of("portcullis.leaf-renewal", soon.toString()));
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                serials.addAll(serials());
                return serials.size() >= 4;
              });

      // Then
      awaitMore(fresh, kept);
      assertThat(fresh.failures()).isEmpty();
      assertThat(kept.failures()).isEmpty();
      assertThat(listeners()).isEqualTo(listeners);
    }
  }

  @Test
  void aRestartOfTheOperatorIssuesNothing() throws Exception {
    // Given
    var caller = caller();
    var stays = caller();
    var before = serials();
    try (var fresh = new SteadyLoad(() -> caller.get("/first"));
        var kept = new SteadyLoad(() -> stays.getAgain("/first"))) {
      awaitMore(fresh, kept);

      // When
      restart(Map.of());
      await().atMost(PATIENCE).until(() -> backend.envoy().isConnected());
      policies.apply("/first");
      awaitEnforced();
      awaitMore(fresh, kept);

      // Then
      assertThat(serials()).isEqualTo(before);
      assertThat(counted("portcullis.keys.issued")).isZero();
      assertThat(counted("portcullis.xds.secrets")).isZero();
      assertThat(fresh.failures()).isEmpty();
      assertThat(kept.failures()).isEmpty();
    }
  }

  @Test
  void noRequestIsLostWhileARootTakesOverFromAnother() throws Exception {
    // Given
    var caller = caller();
    var stays = caller();
    var oldRoots = kubelet.trustOfNamespace();
    var oldSecret = secretOf("caller");
    try (var fresh = new SteadyLoad(() -> caller.get("/first"));
        var kept = new SteadyLoad(() -> stays.getAgain("/first"))) {
      awaitMore(fresh, kept);

      // When it is asked for, and a pod that does not answer keeps it from being used
      var late = kubelet.createStreamed("late", Map.of("app", "orders"), "orders");
      kubelet.report(late, backend.sandbox().hostAddress());
      ask(Annotations.ROTATE_ROOT, "in the old way");
      await().atMost(PATIENCE).until(() -> roots(kubelet.trustOfNamespace()) == 2);
      backend.sandbox().write("trust", "ca.pem", kubelet.trustOfNamespace());
      caller.swapRoots(kubelet.trustOfNamespace());
      stays.swapRoots(kubelet.trustOfNamespace());
      awaitLine("stragglers", "/late: ");
      assertThat(desk().get("current")).startsWith("generation 1,");
      cluster.admin.resource(late).withGracePeriod(0).delete();

      // Then it signs, pods and callers are renewed without anybody's help, and the old one retires
      awaitLine("current", "generation 2,");
      restart(Map.of());
      await().atMost(PATIENCE).until(() -> !secretOf("caller").equals(oldSecret));
      caller.swapCertificate(bundle(secretOf("caller")));
      awaitLine("phase", "Steady");
      await().atMost(PATIENCE).until(() -> roots(kubelet.trustOfNamespace()) == 1);
      assertThat(kubelet.trustOfNamespace()).isNotEqualTo(oldRoots);
      backend.sandbox().write("trust", "ca.pem", kubelet.trustOfNamespace());
      caller.swapRoots(kubelet.trustOfNamespace());
      restart(Map.of());

      // and whoever kept the old one is refused
      var stranger =
          new RotatingCaller(backend.address(), bundle(oldSecret), kubelet.trustOfNamespace());
      await().atMost(PATIENCE).until(() -> stranger.get("/first") == 0);
      awaitMore(fresh, kept);
      awaitEnforced();
      System.out.printf(
          "MEASURED one root rotation, keys by stream: %d requests on new connections, %d on one"
              + " that stayed, failed: %s%n",
          fresh.answered(), kept.answered(), List.of(fresh.failures(), kept.failures()));
      assertThat(fresh.failures()).isEmpty();
      assertThat(kept.failures()).isEmpty();
    }
  }

  @Test
  void aConfigMapThatSomebodyChangesIsPutRight() {
    // Given
    var map =
        cluster
            .admin
            .configMaps()
            .inNamespace(kubelet.namespace())
            .withName(Names.TRUST_CONFIG_MAP);
    var right = map.get().getData();

    // When
    map.edit(
        found -> {
          found.setData(Map.of("ca.pem", "somebody else's"));
          return found;
        });

    // Then
    await().atMost(PATIENCE).until(() -> map.get().getData().equals(right));
    map.delete();
    await().atMost(PATIENCE).until(() -> map.get() != null && map.get().getData().equals(right));
  }

  private Replica operator(Map<String, String> more) throws InterruptedException {
    var settings = new HashMap<>(SETTINGS);
    settings.putAll(more);
    return Replica.start("older-" + ++count, settings, cluster.client());
  }

  private void restart(Map<String, String> more) throws InterruptedException {
    operator.close();
    operator = operator(more);
  }

  private RotatingCaller caller() {
    return caller("caller");
  }

  /** With what the operator writes into a Secret. */
  private RotatingCaller caller(String account) {
    issue(account);
    return new RotatingCaller(
        backend.address(), bundle(secretOf(account)), kubelet.trustOfNamespace());
  }

  private void issue(String account) {
    cluster
        .admin
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace(kubelet.namespace())
                .withName(account)
                .endMetadata()
                .build())
        .fieldManager("test")
        .serverSideApply();
    var yaml =
        """
        apiVersion: portcullis.dev/v1alpha1
        kind: ApiClientCertificate
        metadata: {namespace: %s, name: %s}
        spec: {serviceAccountName: %s, secretName: %s}
        """
            .formatted(kubelet.namespace(), account, account, account);
    var object =
        cluster.admin.getKubernetesSerialization().unmarshal(yaml, ApiClientCertificate.class);
    cluster.admin.resource(object).fieldManager("user").serverSideApply();
    await().atMost(PATIENCE).until(() -> secretOf(account) != null);
  }

  private Secret secretOf(String name) {
    return cluster.admin.secrets().inNamespace(kubelet.namespace()).withName(name).get();
  }

  private static String bundle(Secret secret) {
    return file(secret, "tls.key") + file(secret, "tls.crt");
  }

  private static String file(Secret secret, String name) {
    return new String(Base64.getDecoder().decode(secret.getData().get(name)), US_ASCII);
  }

  /** Of the certificates that the proxy serves with, on connections old and new. */
  private Set<String> serials() {
    return Arrays.stream(backend.envoy().admin("/certs").split("\"serial_number\": \"", -1))
        .skip(1)
        .filter(certificate -> certificate.contains("/sa/orders-1"))
        .map(certificate -> certificate.substring(0, certificate.indexOf('"')))
        .collect(Collectors.toSet());
  }

  /** How often the proxy has taken listeners. */
  private List<String> listeners() {
    return backend
        .envoy()
        .stats("listener_manager.lds.update_success")
        .lines()
        .filter(line -> line.startsWith("listener_manager."))
        .toList();
  }

  private static List<String> secretsIn(String namespace) {
    return cluster.admin.secrets().inNamespace(namespace).list().getItems().stream()
        .map(secret -> secret.getMetadata().getName())
        .toList();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(US_ASCII));
  }

  private double counted(String meter) {
    return operator.registry().find(meter).counters().stream().mapToDouble(c -> c.count()).sum();
  }

  private int started() throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var probe = URI.create("http://" + backend.address() + ":15021/started");
      var request = HttpRequest.newBuilder(probe).build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  private static List<Path> filesWithKeys(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> content(file).contains("PRIVATE KEY"))
          .toList();
    }
  }

  private static String content(Path file) {
    try {
      return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers with a file, on the application's port in the pod. */
  private void application() throws IOException {
    var files = Files.createDirectory(home.resolve("www"));
    Files.writeString(files.resolve("first"), "the first order");
    var server = Path.of(System.getProperty("java.home"), "bin", "jwebserver").toString();
    backend
        .sandbox()
        .start(
            "app",
            Map.of(),
            List.of(server, "-b", "127.0.0.1", "-p", "8080", "-d", files.toString(), "-o", "none"));
  }

  private void ask(String annotation, String text) {
    cluster
        .admin
        .configMaps()
        .inNamespace(Replica.NAMESPACE)
        .withName(Names.CA_STATUS)
        .edit(
            map -> {
              map.getMetadata().getAnnotations().put(annotation, text);
              return map;
            });
  }

  private Map<String, String> desk() {
    var map =
        cluster.admin.configMaps().inNamespace(Replica.NAMESPACE).withName(Names.CA_STATUS).get();
    return map == null ? Map.of() : map.getData();
  }

  private static int roots(String pem) {
    return TrustBundle.ofPem(pem).roots().size();
  }

  private void awaitLine(String name, String text) {
    try {
      await().atMost(PATIENCE).until(() -> desk().getOrDefault(name, "").contains(text));
    } catch (ConditionTimeoutException late) {
      throw new AssertionError(
          "%s never said %s, but: %s%n%s"
              .formatted(name, text, desk(), backend.sandbox().log("envoy")),
          late);
    }
  }

  private static void awaitMore(SteadyLoad... loads) {
    for (var load : loads) {
      var before = load.answered();
      await().atMost(PATIENCE).until(() -> load.answered() > before + 20);
    }
  }

  private void awaitEnforced() {
    try {
      await().atMost(PATIENCE).until(() -> policies.says("Enforced").equals("True/Enforced"));
    } catch (ConditionTimeoutException late) {
      throw new AssertionError(
          "never enforced: %s%n%s%n%s"
              .formatted(
                  policies.status(),
                  backend.sandbox().log("envoy"),
                  backend.envoy().stats("sds|ssl")),
          late);
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
