package dev.portcullis.operator.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.names.Labels;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One backend calls another through its sidecar: real Envoys at both ends. */
class CallsIT {

  private static final int PORT = 9001;
  private static final int ENOUGH = 100;
  private static final Map<String, String> SETTINGS = Map.of("portcullis.test-hooks", "true");
  private static final String CALLER =
      """
      apiVersion: portcullis.dev/v1alpha1
      kind: ApiBackendPolicy
      metadata: {name: orders, namespace: %s}
      spec:
        selector: {matchLabels: {app: orders}}
        backend: {port: 8080}
        callers: [{name: edge, serviceAccounts: [{name: edge}]}]
        routes: [{name: only, path: {exact: /first}, methods: [GET]}]
        egress:
          calls:
            - name: payments
              localPort: 9001
              backend: {namespace: %s, name: payments}
              ejection: {failures: 3, duration: 1h}
      """;
  private static final String BACKEND =
      """
      apiVersion: portcullis.dev/v1alpha1
      kind: ApiBackendPolicy
      metadata: {name: payments, namespace: %s}
      spec:
        selector: {matchLabels: {app: payments}}
        backend: {port: 8080}
        callers: [{name: shop, serviceAccounts: [{namespace: %s, name: %s}]}]
        routes: [{name: who, path: {exact: /who}, methods: [GET]}]
      """;

  @TempDir static Path machine;
  @TempDir Path home;

  private static KubernetesClient admin;
  private static Sandbox canary;
  private static Replica operator;

  private final List<Gated> open = new ArrayList<>();
  private Kubelet shop;
  private Kubelet bank;
  private Gated orders;

  @BeforeAll
  static void start() throws InterruptedException {
    Assumptions.assumeTrue(Sandbox.possible(), "SKIPPED: needs root, ip, unshare and nft");
    admin = ApiServer.admin();
    WholeOperatorIT.prepareCluster(admin);
    canary = Sandbox.beside(machine);
    canary.initialise("canary", Map.of());
    operator = Replica.start("replica-calls", SETTINGS);
    Envoy.start(canary);
  }

  @AfterAll
  static void stop() {
    if (operator != null) {
      operator.close();
      canary.close();
      admin.close();
    }
  }

  @BeforeEach
  void anApplicationThatCallsABackendWhichIsNotThereYet() {
    shop = new Kubelet(admin, namespace("shop"));
    bank = new Kubelet(admin, namespace("bank"));
    apply(CALLER.formatted(shop.namespace(), bank.namespace()));
    orders = started(shop, "orders-1", "orders");
    orders
        .sandbox()
        .runJava("calls", "dev.portcullis.operator.whole.LoopbackCalls", String.valueOf(PORT));
    awaitSays("False/BackendUnknown");
    awaitThat(() -> lines().stream().anyMatch(line -> line.startsWith("503 ")));
  }

  @AfterEach
  void end() {
    open.forEach(Gated::close);
  }

  @Test
  void callsFollowTheBackendsPodsAndFailNone() {
    // Given a backend that is not there, and says so
    assertThat(lines().getLast())
        .contains("\"call\":\"payments\"", "\"backend\":\"" + bank.namespace() + "/payments\"");
    backendKnows("orders-1");
    awaitSays("False/NoReadyPods");
    // When it comes
    payments("payments-1");
    var second = payments("payments-2");
    // Then both get their share
    awaitSays("True/CallsReady");
    awaitThat(() -> answeredBy("payments-1") > 0 && answeredBy("payments-2") > 0);
    // When the application of one dies
    var before = lines().size();
    second.sandbox().end("app");
    // Then it is ejected, and nobody notices
    awaitThat(() -> stat("outlier_detection.ejections_active") == 1);
    var ejected = answeredBy("payments-2");
    awaitMore();
    assertThat(answeredBy("payments-2")).isEqualTo(ejected);
    assertThat(linesFrom(before)).allMatch(line -> line.startsWith("200 payments-"));
    // When another pod comes, and the dead one is deleted under load
    payments("payments-3");
    awaitThat(() -> answeredBy("payments-3") > 0);
    bank.delete(second.pod());
    awaitThat(() -> stat("membership_total") == 2);
    open.remove(second);
    second.close();
    awaitMore();
    // Then
    assertThat(linesFrom(before)).allMatch(line -> line.startsWith("200 payments-"));
  }

  @Test
  void anImpostorAtTheAddressOfAPodIsRefused() {
    // Given
    backendKnows("orders-1");
    var real = payments("payments-1");
    awaitThat(() -> answeredBy("payments-1") > 0);
    var before = lines().size();
    // When a pod shows another certificate of the same installation, of the other pod even
    var impostor = backend("payments-2");
    var served = impostor.envoy().stats("ssl_context_update_by_sds");
    impostor.sandbox().write("identity", "credentialbundle.pem", bank.credentialBundle(real.pod()));
    awaitThat(() -> !impostor.envoy().stats("ssl_context_update_by_sds").equals(served));
    bank.ready(impostor.pod());
    // Then
    awaitThat(() -> stat("ssl.fail_verify_san") > 0);
    awaitMore();
    assertThat(linesFrom(before)).allMatch("200 payments-1"::equals);
  }

  @Test
  void theBackendsOwnPolicyDecidesWhoIsLetIn() {
    // Given one that knows somebody else of the namespace
    backendKnows("somebody-else");
    payments("payments-1");
    // Then
    awaitThat(() -> lines().getLast().startsWith("403 "));
    awaitThat(
        () ->
            orders
                .sandbox()
                .log("envoy")
                .lines()
                .filter(line -> line.contains("\"event\":\"call\""))
                .anyMatch(line -> line.contains("\"code\":403")));
    // When
    backendKnows("orders-1");
    // Then
    awaitThat(() -> lines().getLast().equals("200 payments-1"));
  }

  @Test
  void aRestartOfTheOperatorFailsNoCall() throws InterruptedException {
    // Given
    backendKnows("orders-1");
    payments("payments-1");
    awaitThat(() -> lines().getLast().equals("200 payments-1"));
    var before = lines().size();
    var received = orders.envoy().configurationsReceived();
    var streams = orders.envoy().streamsOpened();
    // When
    operator.close();
    awaitThat(() -> !orders.envoy().isConnected());
    operator = Replica.start("replica-calls-again", SETTINGS);
    awaitThat(() -> orders.envoy().isConnected() && orders.envoy().streamsOpened() > streams);
    awaitMore();
    // Then
    assertThat(linesFrom(before)).allMatch("200 payments-1"::equals);
    assertThat(orders.envoy().configurationsReceived()).isEqualTo(received);
  }

  @Test
  void aPodThatReportsToBeSlowerIsAskedLess() {
    // Given two pods in turn
    apply(
        CALLER
            .formatted(shop.namespace(), bank.namespace())
            .replace("ejection:", "balancing: WeightedRoundRobin\n        ejection:"));
    backendKnows("orders-1");
    payments("payments-1");
    var slow = started(bank, "payments-2", "payments");
    orders.sandbox().join(slow.sandbox());
    slow.sandbox().runJava("app", "dev.portcullis.operator.whole.SlowAnswers", "payments-2");
    awaitThat(() -> slow.sandbox().log("app").contains("port"));
    bank.ready(slow.pod());
    awaitThat(() -> answeredBy("payments-1") > 0 && answeredBy("payments-2") > 0);
    awaitMore();
    assertThat(shareOfLast("payments-2")).isBetween(40L, 60L);
    // When they report
    apply(
        BACKEND.formatted(bank.namespace(), shop.namespace(), "orders-1")
            + "  overload: {reportLoad: true}\n");
    // Then
    awaitThat(() -> shareOfLast("payments-2") < 20);
    assertThat(shareOfLast("payments-2")).isPositive();
  }

  /** Of the last hundred answers. */
  private long shareOfLast(String pod) {
    var lines = lines();
    return lines.subList(lines.size() - ENOUGH, lines.size()).stream()
        .filter(("200 " + pod)::equals)
        .count();
  }

  private void backendKnows(String account) {
    apply(BACKEND.formatted(bank.namespace(), shop.namespace(), account));
  }

  private Gated payments(String name) {
    var pod = backend(name);
    bank.ready(pod.pod());
    return pod;
  }

  /** Not ready yet. */
  private Gated backend(String name) {
    var pod = started(bank, name, "payments");
    orders.sandbox().join(pod.sandbox());
    pod.sandbox().serveOnLoopback(8080, Map.of("who", name));
    return pod;
  }

  private Gated started(Kubelet kubelet, String name, String app) {
    var pod = kubelet.create(name, Map.of("app", app), app);
    var gated = Gated.start(kubelet, pod, home.resolve(name));
    open.add(gated);
    return gated;
  }

  private static String namespace(String name) {
    return ApiServer.namespace(admin, name, Map.of(Labels.INJECT, Labels.INJECT_ENABLED))
        .getMetadata()
        .getName();
  }

  private static void apply(String yaml) {
    admin
        .resource(admin.getKubernetesSerialization().unmarshal(yaml, ApiBackendPolicy.class))
        .fieldManager("user")
        .forceConflicts()
        .serverSideApply();
  }

  private List<String> lines() {
    var log = orders.sandbox().log("calls");
    // The last line may be half written.
    return log.substring(0, log.lastIndexOf('\n') + 1).lines().toList();
  }

  private List<String> linesFrom(int first) {
    var lines = lines();
    return lines.subList(first, lines.size());
  }

  private long answeredBy(String pod) {
    return lines().stream().filter(("200 " + pod)::equals).count();
  }

  private void awaitMore() {
    var now = lines().size();
    awaitThat(() -> lines().size() > now + ENOUGH);
  }

  private long stat(String name) {
    var full = "cluster.call/payments." + name + ": ";
    return orders
        .envoy()
        .stats("call/payments")
        .lines()
        .filter(line -> line.startsWith(full))
        .mapToLong(line -> Long.parseLong(line.substring(full.length())))
        .findFirst()
        .orElse(0);
  }

  private void awaitSays(String wanted) {
    var policies = new Policies(admin, shop.namespace());
    soon().untilAsserted(() -> assertThat(policies.says("CallsReady")).isEqualTo(wanted));
  }

  private void awaitThat(Callable<Boolean> condition) {
    try {
      soon().until(condition);
    } catch (ConditionTimeoutException late) {
      throw new AssertionError(
          "Last answer: %s%nEnvoy: %s%nStatistics: %s"
              .formatted(
                  lines().getLast(),
                  orders.sandbox().log("envoy").lines().skip(1).limit(40).toList(),
                  orders.envoy().stats("call/payments.*(membership|ssl|cx_connect|ejections)")),
          late);
    }
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(60));
  }
}
