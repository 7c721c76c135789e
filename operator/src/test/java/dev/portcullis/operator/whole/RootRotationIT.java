package dev.portcullis.operator.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.bootstrap.contract.SidecarEnv;
import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.names.Annotations;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One root takes over from another under load, and the operator is restarted at every step. */
class RootRotationIT {

  private static final Map<String, String> APP = Map.of("app", "orders");
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
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path home;

  private KubernetesClient admin;
  private Kubelet kubelet;
  private Policies policies;
  private Sandbox canary;
  private Replica operator;
  private Gated backend;
  private int restarts;

  @BeforeEach
  void start() throws InterruptedException, IOException {
    Assumptions.assumeTrue(Sandbox.possible(), "SKIPPED: needs root, ip, unshare and nft");
    admin = ApiServer.admin();
    WholeOperatorIT.prepareCluster(admin);
    desk().delete();
    noPodsOfOtherTests();
    canary = Sandbox.beside(Files.createDirectory(home.resolve("canary")));
    canary.initialise("canary", Map.of(SidecarEnv.CANARY_PORT, String.valueOf(CANARY)));
    operator = Replica.start("rotation", SETTINGS);
    Envoy.start(canary);
    var namespace =
        ApiServer.namespace(admin, "shop", Map.of(Labels.INJECT, Labels.INJECT_ENABLED))
            .getMetadata()
            .getName();
    kubelet = new Kubelet(admin, namespace);
    policies = new Policies(admin, namespace);
    policies.apply("/first");
    var pod = kubelet.create("orders-1", APP, "orders");
    backend = Gated.start(kubelet, pod, home.resolve("pod"), XDS);
    application();
    awaitEnforced();
  }

  @AfterEach
  void stop() {
    if (operator != null) {
      backend.close();
      operator.close();
      canary.close();
      desk().delete();
      admin.close();
    }
  }

  @Test
  void noRequestIsLostWhileARootTakesOverFromAnother() throws InterruptedException {
    // Given a caller that trusts what it mounts, on new connections and on one that stays
    var oldRoots = kubelet.trustBundle();
    var pod = kubelet.create("caller", Map.of("app", "caller"), "none");
    var oldCredential = kubelet.credentialBundle(pod);
    var caller = new RotatingCaller(backend.address(), oldCredential, oldRoots);
    var stays = new RotatingCaller(backend.address(), oldCredential, oldRoots);
    await().until(() -> caller.get("/first") == 200);

    try (var fresh = new SteadyLoad(() -> caller.get("/first"));
        var kept = new SteadyLoad(() -> stays.getAgain("/first"))) {
      awaitMore(fresh, kept);

      // When a new root is asked for
      ask(Annotations.ROTATE_ROOT, "once");

      // Then it is published, and the pod that has not taken it holds everything up, by its name
      await().atMost(PATIENCE).until(() -> roots().size() == 2);
      awaitLine("stragglers", "/orders-1: It does not accept the new CA yet");
      assertThat(line("phase")).isEqualTo("Distributing");
      restart();
      awaitLine("stragglers", "/orders-1: It does not accept the new CA yet");
      assertThat(line("current")).startsWith("generation 1,");

      // When the kubelets have brought it everywhere
      caller.swapRoots(kubelet.trustBundle());
      backend.sandbox().write("trust", "ca.pem", kubelet.trustBundle());

      // Then the new one signs, and what is not renewed yet is served all the same
      awaitLine("current", "generation 2,");
      restart();
      awaitLine("stragglers", "/orders-1: It serves with a certificate of the replaced CA");
      awaitLine("stragglers", "/caller: It has no gate that could be asked");
      awaitMore(fresh, kept);

      // When the caller is renewed before the backend, and the backend after it
      caller.swapCertificate(kubelet.credentialBundle(pod));
      awaitMore(fresh, kept);
      backend
          .sandbox()
          .write("identity", "credentialbundle.pem", kubelet.credentialBundle(backend.pod()));
      await().atMost(PATIENCE).until(() -> !line("stragglers").contains("/orders-1"));
      restart();
      assertThat(roots()).hasSize(2);
      awaitMore(fresh, kept);

      // and nobody is left who may hold an old one
      admin.resource(pod).withGracePeriod(0).delete();

      // Then the old root is trusted no more
      awaitLine("phase", "Steady");
      await().atMost(PATIENCE).until(() -> roots().size() == 1);
      assertThat(kubelet.trustBundle()).isNotEqualTo(oldRoots);
      caller.swapRoots(kubelet.trustBundle());
      backend.sandbox().write("trust", "ca.pem", kubelet.trustBundle());
      restart();
      var stranger = new RotatingCaller(backend.address(), oldCredential, kubelet.trustBundle());
      await().atMost(PATIENCE).until(() -> stranger.get("/first") == 0);
      awaitMore(fresh, kept);
      awaitEnforced();

      System.out.printf(
          "MEASURED one root rotation, %d restarts: %d requests on new connections, %d on one that"
              + " stayed, failed: %s%n",
          restarts, fresh.answered(), kept.answered(), List.of(fresh.failures(), kept.failures()));
      assertThat(fresh.failures()).isEmpty();
      assertThat(kept.failures()).isEmpty();
    }
  }

  /** They may hold certificates, and would rightly be waited for. */
  private void noPodsOfOtherTests() {
    admin
        .pods()
        .inAnyNamespace()
        .list()
        .getItems()
        .forEach(pod -> admin.resource(pod).withGracePeriod(0).delete());
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void restart() throws InterruptedException {
    operator.close();
    restarts++;
    operator = Replica.start("rotation-" + restarts, SETTINGS);
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
    desk()
        .edit(
            map -> {
              map.getMetadata().getAnnotations().put(annotation, text);
              return map;
            });
  }

  private Resource<ConfigMap> desk() {
    return admin.configMaps().inNamespace(Replica.NAMESPACE).withName(Names.CA_STATUS);
  }

  private String line(String name) {
    var map = desk().get();
    return map == null ? "" : map.getData().getOrDefault(name, "");
  }

  private List<?> roots() {
    return TrustBundle.ofPem(kubelet.trustBundle()).roots();
  }

  private void awaitLine(String name, String text) {
    try {
      await().atMost(PATIENCE).until(() -> line(name).contains(text));
    } catch (ConditionTimeoutException late) {
      throw new AssertionError(
          "%s never said %s, but: %s%n%s"
              .formatted(name, text, desk().get().getData(), backend.sandbox().log("envoy")),
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
    await().atMost(PATIENCE).until(() -> policies.says("Enforced").equals("True/Enforced"));
  }
}
