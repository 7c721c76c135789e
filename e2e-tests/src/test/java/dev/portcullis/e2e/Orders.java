package dev.portcullis.e2e;

import static org.awaitility.Awaitility.await;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

  /** Deploys it and waits until its policy is enforced. */
  static Orders enforced(Installation installation, String namespace) {
    Progress.say("deploying orders in " + namespace);
    var orders = new Orders(installation, namespace);
    var user = installation.user();
    user.createNamespace(namespace, Map.of("portcullis.dev/inject", "enabled"));
    user.apply(namespace, "demo/orders-policy.yaml");
    user.apply(namespace, "demo/orders-api.yaml");
    orders.awaitPods(2);
    orders.awaitEnforced();
    return orders;
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
    try {
      var text = change.apply(Files.readString(Path.of("demo/orders-policy.yaml")));
      var policy = Serialization.unmarshal(text, ApiBackendPolicy.class);
      policy.getMetadata().setNamespace(namespace);
      return installation.client().resource(policy).forceConflicts().serverSideApply();
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

  void awaitCondition(String type, String status) {
    await(type + "=" + status + " on " + namespace)
        .atMost(PATIENCE)
        .untilAsserted(() -> PolicyAssert.assertThat(policy()).hasCurrentCondition(type, status));
  }

  /** Runs the sample caller as one of the two sample identities. */
  String call(String as, String command, String... arguments) {
    var line =
        new ArrayList<>(
            List.of("caller", command, "--host", host(), "--server-identity", identity()));
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
