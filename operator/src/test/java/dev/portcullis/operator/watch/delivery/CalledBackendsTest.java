package dev.portcullis.operator.watch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.operator.envoy.CallEndpoints;
import dev.portcullis.operator.golden.BackendViews;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Inbound.Capture;
import dev.portcullis.operator.watch.cluster.ObservedPod;
import dev.portcullis.operator.watch.cluster.ObservedPod.Credentials;
import dev.portcullis.operator.watch.cluster.ObservedPod.Phase;
import dev.portcullis.operator.watch.cluster.ObservedPod.Readiness;
import dev.portcullis.operator.watch.cluster.ObservedPod.Sidecar;
import dev.portcullis.operator.watch.cluster.ObservedPolicy;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What callers are told of the backends that they call, and what that costs the others. */
@Timeout(60)
class CalledBackendsTest {

  private static final KubernetesSerialization YAML = new KubernetesSerialization();
  private static final BackendKey ORDERS = new BackendKey("shop", "orders");
  private static final String POLICY =
      """
      apiVersion: portcullis.dev/v1alpha1
      kind: ApiBackendPolicy
      metadata:
        {namespace: %s, name: %s, uid: uid-%s, generation: %d,
        creationTimestamp: "2026-11-22T12:00:00Z"}
      spec:
        selector: {matchLabels: {app: %s}}
        backend: {port: 8080}
        listener: {port: %d}
        callers: [{name: caller, serviceAccounts: [{namespace: %s, name: caller}]}]
        routes: [{name: all, path: {prefix: /}, methods: [GET]}]
      """;
  private static final String CALLS =
      "  egress: {calls: [{name: pay, localPort: 9001, backend: {namespace: bank, name: payments}}]}";

  private final FakeCluster cluster = new FakeCluster();
  private final FakeXds xds = new FakeXds();
  private final Backends backends = new Backends();
  private final Groups groups = new Groups(cluster);
  private final FastPath fastPath =
      new FastPath(
          new FastPath.Parts(
              cluster,
              groups,
              new PolicyGate(PolicyGate.TestHooks.OFF),
              xds,
              BackendViews.MESH,
              backends,
              KeyDelivery.KUBELET,
              new FakeTrusts(),
              new FakeKeySets(),
              new FakeDocuments(),
              () -> 0));

  @BeforeEach
  void aCallerAndItsBackend() {
    fastPath.start();
    cluster.apply(payments(1, 8443, "shop"));
    cluster.apply(pod("payments-1", "payments", Readiness.READY));
    cluster.apply(orders());
    awaitTold("payments-1:8443");
    await().until(() -> fastPath.backlog() == 0);
  }

  @AfterEach
  void stop() {
    fastPath.close();
  }

  @Test
  void podsThatComeAndGoChangeNoConfiguration() {
    // Given
    var published = published();
    // When
    cluster.apply(pod("payments-2", "payments", Readiness.READY));
    awaitTold("payments-1:8443", "payments-2:8443");
    cluster.apply(pod("payments-1", "payments", Readiness.UNREADY));
    awaitTold("payments-2:8443");
    cluster.apply(terminating(pod("payments-2", "payments", Readiness.READY)));
    awaitTold();
    // Then
    assertThat(published()).isEqualTo(published);
    assertThat(reach()).isEqualTo(new Reach.NoReadyPods());
  }

  @Test
  void aNewIdentityIsCheckedBeforeItsPodIsToldOf() {
    // Given
    var before = name();
    // When
    cluster.apply(pod("payments-2", "payments-canary", Readiness.READY));
    // Then
    awaitTold("payments-1:8443", "payments-2:8443");
    assertThat(name()).isNotEqualTo(before);
    assertThat(published()).hasSize(2);
  }

  @Test
  void aPodWithoutItsGateIsNotCalled() {
    // When
    cluster.apply(bare(pod("payments-0", "payments", Readiness.READY)));
    cluster.apply(pod("payments-2", "payments", Readiness.READY));
    // Then
    awaitTold("payments-1:8443", "payments-2:8443");
  }

  @Test
  void whoIsNoCallerLearnsNothing() {
    // When
    cluster.apply(payments(2, 8443, "treasury"));
    // Then
    awaitTold();
    await().until(() -> xds.located.values().stream().allMatch(each -> addresses(each).isEmpty()));
    assertThat(reach()).isEqualTo(new Reach.Unknown());
    cluster.apply(payments(3, 8443, "shop"));
    awaitTold("payments-1:8443");
  }

  @Test
  void aBackendThatIsDeletedIsClosedAndOpensAgain() {
    // When
    cluster.delete(payments(1, 8443, "shop"));
    // Then
    awaitTold();
    assertThat(reach()).isEqualTo(new Reach.Unknown());
    cluster.apply(payments(1, 8443, "shop"));
    awaitTold("payments-1:8443");
    assertThat(reach()).isEqualTo(new Reach.Ready(1));
  }

  @Test
  void aNewPortIsToldOnceItIsInForce() {
    // Given
    xds.open = new CountDownLatch(1);
    // When
    cluster.apply(payments(2, 9443, "shop"));
    await()
        .untilAsserted(
            () -> assertThat(xds.doneTo("bank/payments/").distinct().toList()).hasSize(2));
    // Then
    awaitTold("payments-1:8443");
    xds.open.countDown();
    awaitTold("payments-1:9443");
  }

  @Test
  void whatNobodyCallsIsToldNobody() {
    // When
    cluster.apply(policy("bank", "vault", 1, 8443, "shop"));
    cluster.apply(pod("vault-1", "vault", Readiness.READY));
    cluster.apply(pod("payments-2", "payments", Readiness.READY));
    // Then
    awaitTold("payments-1:8443", "payments-2:8443");
    assertThat(xds.located).hasSize(1);
  }

  @Test
  void whoCallsNoMoreIsForgotten() {
    // When
    cluster.delete(orders());
    // Then
    await().until(xds.located::isEmpty);
  }

  private Reach reach() {
    var calls = backends.get(ORDERS).flatMap(BackendState::lastGood).orElseThrow().intent().calls();
    return fastPath.called().reach(ORDERS, calls.getFirst());
  }

  /** Under the name that the caller's configuration in force asks for. */
  private void awaitTold(String... addresses) {
    await()
        .untilAsserted(
            () -> {
              assertThat(xds.located).containsKey(name());
              assertThat(addresses(xds.located.get(name()))).containsExactly(addresses);
            });
  }

  private String name() {
    return backends
        .get(ORDERS)
        .flatMap(BackendState::lastGood)
        .map(good -> CallEndpoints.name(good.intent().calls().getFirst()))
        .orElse("");
  }

  /** Versions; one that comes twice changes nothing at any sidecar. */
  private List<String> published() {
    return xds.doneTo("shop/orders/").distinct().toList();
  }

  private static List<String> addresses(ClusterLoadAssignment endpoints) {
    return endpoints.getEndpointsList().stream()
        .flatMap(locality -> locality.getLbEndpointsList().stream())
        .map(endpoint -> endpoint.getEndpoint().getAddress().getSocketAddress())
        .map(socket -> socket.getAddress() + ":" + socket.getPortValue())
        .toList();
  }

  private static ObservedPolicy orders() {
    return readable(
        POLICY.formatted("shop", "orders", "orders", 1, "orders", 8443, "edge") + CALLS);
  }

  private static ObservedPolicy payments(int generation, int port, String callers) {
    return policy("bank", "payments", generation, port, callers);
  }

  private static ObservedPolicy policy(
      String namespace, String name, int generation, int port, String callers) {
    return readable(POLICY.formatted(namespace, name, name, generation, name, port, callers));
  }

  private static ObservedPolicy readable(String yaml) {
    return new ObservedPolicy.Readable(
        YAML.unmarshal(yaml, ApiBackendPolicy.class), Optional.empty());
  }

  /** Its name stands for its address. */
  private static ObservedPod pod(String name, String account, Readiness readiness) {
    var app = name.substring(0, name.indexOf('-'));
    return new ObservedPod(
        "bank",
        name,
        "uid-" + name,
        Map.of("app", app),
        account,
        Optional.of(name),
        Phase.RUNNING,
        Instant.EPOCH,
        Optional.of(
            new Sidecar(
                new BackendKey("bank", app),
                Capture.REDIRECT,
                KeyDelivery.KUBELET,
                Sidecar.State.STARTED,
                new Sidecar.Template("1", "envoy"),
                Duration.ofSeconds(5))),
        Credentials.OURS,
        readiness,
        Set.of());
  }

  private static ObservedPod terminating(ObservedPod pod) {
    return with(pod, Phase.TERMINATING, pod.sidecar());
  }

  private static ObservedPod bare(ObservedPod pod) {
    return with(pod, pod.phase(), Optional.empty());
  }

  private static ObservedPod with(ObservedPod pod, Phase phase, Optional<Sidecar> sidecar) {
    return new ObservedPod(
        pod.namespace(),
        pod.name(),
        pod.uid(),
        pod.labels(),
        pod.serviceAccount(),
        pod.ip(),
        phase,
        pod.created(),
        sidecar,
        pod.credentials(),
        pod.readiness(),
        pod.ports());
  }
}
