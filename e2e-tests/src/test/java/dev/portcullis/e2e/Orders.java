package dev.portcullis.e2e;

import static org.awaitility.Awaitility.await;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The orders backend of the demonstration, in a namespace of its own: two replicas and a policy.
 */
final class Orders implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Installation installation;
  private final String namespace;

  private Orders(Installation installation, String namespace) {
    this.installation = installation;
    this.namespace = namespace;
  }

  /** Deploys it and waits until its policy is enforced and its Service leads to it. */
  static Orders enforced(Installation installation, String namespace) {
    var orders = in(installation, namespace, Map.of());
    orders.applyPolicy(UnaryOperator.identity());
    orders.applyApi(UnaryOperator.identity());
    orders.awaitPods(2);
    orders.awaitEnforced();
    orders.awaitRouted();
    return orders;
  }

  /** Makes the namespace, with these labels beside the one that asks for injection. */
  static Orders in(Installation installation, String namespace, Map<String, String> labels) {
    Progress.say("deploying orders in " + namespace);
    var all = new HashMap<>(labels);
    all.put("portcullis.dev/inject", "enabled");
    installation.user().createNamespace(namespace, all);
    return new Orders(installation, namespace);
  }

  String namespace() {
    return namespace;
  }

  String host() {
    return "orders." + namespace;
  }

  String identity() {
    return "spiffe://cluster.local/ns/" + namespace + "/sa/orders";
  }

  List<Pod> pods() {
    return installation.user().pods(namespace, "orders");
  }

  ApiBackendPolicy policy() {
    return installation.user().policy(namespace, "orders");
  }

  /** Applies the demonstration's policy with its text changed. */
  ApiBackendPolicy applyPolicy(UnaryOperator<String> change) {
    installation.user().apply(namespace, change.apply(read("demo/orders-policy.yaml")));
    return policy();
  }

  /** Applies the demonstration's deployment with its text changed. */
  void applyApi(UnaryOperator<String> change) {
    installation.user().apply(namespace, change.apply(read("demo/orders-api.yaml")));
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void awaitPods(int count) {
    await("pods of " + namespace)
        .atMost(PATIENCE)
        .until(() -> pods().stream().filter(Readiness::isPodReady).count() == count);
  }

  void awaitEnforced() {
    awaitCondition("Enforced", "True");
  }

  /**
   * A node's proxy hears of ready pods later than who measures them. Until then a call is refused,
   * or leaves the cluster and is answered by whoever is there.
   */
  void awaitRouted() {
    await("route to " + host())
        .atMost(PATIENCE)
        .until(() -> call("edge", "certificate").startsWith("serial="));
  }

  void awaitCondition(String type, String status) {
    await(type + "=" + status + " on " + namespace)
        .atMost(PATIENCE)
        .untilAsserted(() -> PolicyAssert.assertThat(policy()).hasCurrentCondition(type, status));
  }

  /** Runs the sample caller as one of the two sample identities. */
  String call(String as, String command, String... arguments) {
    return run(as, command, host(), arguments);
  }

  /** As the allowed caller, past the Service, to one pod. */
  String ask(Pod pod, String command, String... arguments) {
    return ask("edge", pod, command, arguments);
  }

  /** Past the Service, to one pod. */
  String ask(String as, Pod pod, String command, String... arguments) {
    return run(as, command, pod.getStatus().getPodIP(), arguments);
  }

  private String run(String as, String command, String host, String... arguments) {
    var line =
        new ArrayList<>(
            List.of("caller", command, "--host", host, "--server-identity", identity()));
    line.addAll(List.of(arguments));
    return installation.user().exec("callers", as, line.toArray(String[]::new));
  }

  /** Request lines that the application itself wrote, of all replicas. */
  List<String> seenByApplication() {
    return pods().stream()
        .flatMap(pod -> installation.user().logs(pod, "api").lines())
        .filter(line -> line.startsWith("request "))
        .toList();
  }

  @Override
  public void close() {
    installation.user().deleteNamespace(namespace);
  }
}
