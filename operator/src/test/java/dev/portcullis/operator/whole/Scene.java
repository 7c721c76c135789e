package dev.portcullis.operator.whole;

import static org.awaitility.Awaitility.await;

import dev.portcullis.bootstrap.contract.SidecarEnv;
import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.certificates.v1.ClusterTrustBundle;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A real API server, one operator, and one pod of a policy behind a real Envoy; whoever uses it
 * makes things go wrong with the CA and looks at what callers notice.
 */
final class Scene implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Map<String, String> APP = Map.of("app", "orders");

  private final Path home;
  private final int xds = freePort();
  private final Map<String, String> settings = new HashMap<>();
  final KubernetesClient admin = ApiServer.admin();
  final Kubelet kubelet;
  final Policies policies;
  final Gated backend;
  private final Sandbox canary;
  private Running operator;
  private int starts;

  /** How a replica is run, and how it ends. */
  interface Way {
    Running start(String instance, Map<String, String> settings) throws InterruptedException;
  }

  /** One that runs. */
  interface Running extends AutoCloseable {
    @Override
    void close();
  }

  private final Way way;

  private Scene(Path home, Way way) throws IOException, InterruptedException {
    this.home = home;
    this.way = way;
    var canaryPort = String.valueOf(freePort());
    settings.put("portcullis.rotation.spread", "1s");
    settings.put("portcullis.xds.port", String.valueOf(xds));
    settings.put("portcullis.xds.canary-port", canaryPort);
    settings.put("portcullis.webhook.port", String.valueOf(freePort()));
    WholeOperatorIT.prepareCluster(admin);
    forgetWhatOtherTestsLeft();
    canary = Sandbox.beside(Files.createDirectory(home.resolve("canary")));
    canary.initialise("canary", Map.of(SidecarEnv.CANARY_PORT, canaryPort));
    startOperator();
    Envoy.start(canary);
    var namespace =
        ApiServer.namespace(admin, "shop", Map.of(Labels.INJECT, Labels.INJECT_ENABLED))
            .getMetadata()
            .getName();
    kubelet = new Kubelet(admin, namespace);
    policies = new Policies(admin, namespace);
    policies.apply("/first");
    var pod = kubelet.create("orders-1", APP, "orders");
    backend = Gated.start(kubelet, pod, home.resolve("pod"), xds);
    application();
    awaitEnforced();
  }

  /** Returns when the pod is measured to be enforced; operators are closed in good order. */
  static Scene start(Path home) throws IOException, InterruptedException {
    return start(
        home,
        (instance, settings) -> {
          var replica = Replica.start(instance, settings);
          return replica::close;
        });
  }

  static Scene start(Path home, Way way) throws IOException, InterruptedException {
    return new Scene(home, way);
  }

  /** Ends the operator in its way, and starts another. */
  void restart() throws InterruptedException {
    operator.close();
    startOperator();
  }

  /** The same; the other one has these settings too. */
  void restartWith(Map<String, String> more) throws InterruptedException {
    settings.putAll(more);
    restart();
  }

  /** Where sidecars find the operator. */
  int xdsPort() {
    return xds;
  }

  int restarts() {
    return starts - 1;
  }

  private void startOperator() throws InterruptedException {
    starts++;
    operator = way.start("scene-" + starts, settings);
  }

  /** A caller that trusts what it mounts now. */
  RotatingCaller caller(String credentialBundle) {
    return new RotatingCaller(backend.address(), credentialBundle, kubelet.trustBundle());
  }

  /** The kubelet brings today's roots to the backend. */
  void bringRoots() {
    backend.sandbox().write("trust", "ca.pem", kubelet.trustBundle());
  }

  /** The kubelet renews the backend's certificate. */
  void renew() {
    backend
        .sandbox()
        .write("identity", "credentialbundle.pem", kubelet.credentialBundle(backend.pod()));
  }

  void ask(String annotation, String text) {
    desk()
        .edit(
            map -> {
              map.getMetadata().getAnnotations().put(annotation, text);
              return map;
            });
  }

  Resource<ConfigMap> desk() {
    return admin.configMaps().inNamespace(Replica.NAMESPACE).withName(Names.CA_STATUS);
  }

  Resource<Secret> secret() {
    return admin.secrets().inNamespace(Replica.NAMESPACE).withName(Names.CA_SECRET);
  }

  /** What the ConfigMap says under this name. */
  String line(String name) {
    var map = desk().get();
    return map == null || map.getData() == null ? "" : map.getData().getOrDefault(name, "");
  }

  List<?> roots() {
    return TrustBundle.ofPem(kubelet.trustBundle()).roots();
  }

  /** Events of the CA with this reason. */
  List<Event> events(String reason) {
    return admin.events().v1().events().inNamespace(Replica.NAMESPACE).list().getItems().stream()
        .filter(event -> event.getReason().equals(reason))
        .toList();
  }

  void awaitLine(String name, String text) {
    try {
      await().atMost(PATIENCE).until(() -> line(name).contains(text));
    } catch (ConditionTimeoutException late) {
      throw new AssertionError(
          "%s never said %s, but: %s%n%s"
              .formatted(name, text, desk().get().getData(), backend.sandbox().log("envoy")),
          late);
    }
  }

  void awaitRoots(int count) {
    await().atMost(PATIENCE).until(() -> roots().size() == count);
  }

  static void awaitMore(SteadyLoad... loads) {
    for (var load : loads) {
      var before = load.answered();
      await().atMost(PATIENCE).until(() -> load.answered() > before + 20);
    }
  }

  void awaitEnforced() {
    await().atMost(PATIENCE).until(() -> policies.says("Enforced").equals("True/Enforced"));
  }

  /** The CA has no past; pods may hold certificates, and would rightly be waited for. */
  private void forgetWhatOtherTestsLeft() {
    desk().delete();
    secret().delete();
    admin.resources(ClusterTrustBundle.class).withName(Names.TRUST_BUNDLE).delete();
    admin
        .pods()
        .inAnyNamespace()
        .list()
        .getItems()
        .forEach(pod -> admin.resource(pod).withGracePeriod(0).delete());
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

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    backend.close();
    operator.close();
    canary.close();
    desk().delete();
    admin.close();
  }
}
