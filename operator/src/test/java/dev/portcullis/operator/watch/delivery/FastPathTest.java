package dev.portcullis.operator.watch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.api.v1alpha1.ApiBackendPolicySpec;
import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.operator.envoy.EnvoyResources;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.golden.BackendViews;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.Epoch;
import dev.portcullis.operator.intent.Inbound;
import dev.portcullis.operator.intent.Inbound.Capture;
import dev.portcullis.operator.resolve.BackendView;
import dev.portcullis.operator.resolve.Problem;
import dev.portcullis.operator.resolve.Resolution;
import dev.portcullis.operator.resolve.openapi.OpenApiReading;
import dev.portcullis.operator.status.Revocation;
import dev.portcullis.operator.status.Revocation.State;
import dev.portcullis.operator.watch.cluster.ObservedPod;
import dev.portcullis.operator.watch.cluster.ObservedPod.Credentials;
import dev.portcullis.operator.watch.cluster.ObservedPod.Phase;
import dev.portcullis.operator.watch.cluster.ObservedPod.Readiness;
import dev.portcullis.operator.watch.cluster.ObservedPod.Sidecar;
import dev.portcullis.operator.watch.cluster.ObservedPolicy;
import dev.portcullis.operator.watch.delivery.BackendState.Judgement;
import dev.portcullis.operator.watch.delivery.BackendState.LastGood;
import dev.portcullis.operator.xds.GroupKey;
import dev.portcullis.operator.xds.Peer;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A policy's name says what becomes of it: "poison" breaks the translator, "wrong" has problems.
 */
@Timeout(30)
class FastPathTest {

  private static final Sidecar.Template TEMPLATE = new Sidecar.Template("1", "envoy");
  private static final KubernetesSerialization JSON = new KubernetesSerialization();

  private final FakeCluster cluster = new FakeCluster();
  private final FakeXds xds = new FakeXds();
  private final Backends backends = new Backends();
  private final Groups groups = new Groups(cluster);
  private final FakeTrusts trusts = new FakeTrusts();
  private final FakeKeySets keySets = new FakeKeySets();
  private final FakeDocuments documents = new FakeDocuments();
  private final AtomicInteger authorities = new AtomicInteger();
  private final FastPath fastPath =
      new FastPath(
          new FastPath.Parts(
              cluster,
              groups,
              new ByName(),
              xds,
              BackendViews.MESH,
              backends,
              KeyDelivery.KUBELET,
              trusts,
              keySets,
              documents,
              authorities::get));

  @BeforeEach
  void start() {
    fastPath.start();
  }

  @AfterEach
  void stop() {
    fastPath.close();
  }

  @Test
  void publishesAPolicyForTheCaptureItAsksFor() {
    // When
    cluster.apply(policy("orders", 1));

    // Then
    awaitGeneration("orders", 1);
    assertThat(xds.doneTo("shop/orders/")).containsExactly("publish shop/orders/Redirect orders-1");
  }

  /** Nobody who is let in now may be cut because a restart has not read a Secret yet. */
  @Test
  void whatAPolicyRefersToIsReadBeforeAnythingIsPublished() {
    // Given
    trusts.readNothing();
    cluster.apply(policy("orders", 1));
    await().until(() -> fastPath.backlog() == 0);
    assertThat(xds.doneTo("shop/orders/")).isEmpty();

    // When
    trusts.read(key("orders"), Map.of());

    // Then
    awaitGeneration("orders", 1);
    assertThat(xds.doneTo("shop/orders/")).containsExactly("publish shop/orders/Redirect orders-1");
  }

  /** Or a restart would close gates whose keys are stored. */
  @Test
  void keysAreReadBeforeAnythingIsPublished() {
    // Given
    keySets.readNothing();
    cluster.apply(policy("orders", 1));
    await().until(() -> fastPath.backlog() == 0);
    assertThat(xds.doneTo("shop/orders/")).isEmpty();

    // When
    keySets.read(key("orders"));

    // Then
    awaitGeneration("orders", 1);
    assertThat(xds.doneTo("shop/orders/")).containsExactly("publish shop/orders/Redirect orders-1");
  }

  @Test
  void aDocumentIsReadBeforeAnythingIsPublished() {
    // Given
    documents.readNothing();
    cluster.apply(policy("orders", 1));
    await().until(() -> fastPath.backlog() == 0);
    assertThat(xds.doneTo("shop/orders/")).isEmpty();

    // When
    documents.read(key("orders"), new OpenApiReading.Unreadable("", "Whatever it says."));

    // Then
    awaitGeneration("orders", 1);
    assertThat(xds.doneTo("shop/orders/")).containsExactly("publish shop/orders/Redirect orders-1");
  }

  @Test
  void publishesAlsoForTheCaptureThatAPodRunsWith() {
    // Given
    cluster.apply(policy("orders", 1));
    awaitGeneration("orders", 1);

    // When
    cluster.apply(pod("orders-1", "orders", Capture.NONE));

    // Then
    await().until(() -> xds.doneTo("shop/orders/None").findAny().isPresent());
    assertThat(xds.done).contains("regroup orders-1");
  }

  @Test
  void publishesAlsoForPodsThatGetTheirKeysInAnotherWay() {
    // Given
    cluster.apply(policy("orders", 1));
    awaitGeneration("orders", 1);
    assertThat(xds.doneTo("shop/orders/Redirect/Stream")).isEmpty();

    // When
    cluster.apply(pod("orders-1", "orders", Capture.REDIRECT, KeyDelivery.STREAM));

    // Then
    await()
        .untilAsserted(
            () ->
                assertThat(xds.doneTo("shop/orders/Redirect/Stream"))
                    .containsExactly("publish shop/orders/Redirect/Stream orders-1"));
    assertThat(xds.done).contains("regroup orders-1");
    assertThat(groups.groupOf(new Peer("shop", "orders-1", "orders-1", "orders")))
        .contains(new GroupKey("shop/orders/Redirect/Stream", KeyDelivery.STREAM));
  }

  @Test
  void mergesChangesThatComeWhileOneIsInFlight() {
    // Given
    xds.open = new CountDownLatch(1);
    cluster.apply(policy("orders", 1));
    await().until(() -> xds.doneTo("shop/orders/").count() == 1);

    // When
    for (var generation = 2; generation <= 100; generation++) {
      cluster.apply(policy("orders", generation));
    }
    xds.open.countDown();

    // Then
    awaitGeneration("orders", 100);
    assertThat(xds.doneTo("shop/orders/"))
        .containsExactly(
            "publish shop/orders/Redirect orders-1", "publish shop/orders/Redirect orders-100");
  }

  @Test
  void aSlowOutcomeHoldsUpNoOtherPolicy() {
    // Given
    xds.open = new CountDownLatch(1);
    cluster.apply(policy("orders", 1));
    await().until(() -> xds.doneTo("shop/orders/").count() == 1);
    var slow = xds.open;
    xds.open = new CountDownLatch(0);

    // When
    cluster.apply(policy("carts", 1));

    // Then
    awaitGeneration("carts", 1);
    assertThat(backends.get(key("orders"))).isEmpty();
    slow.countDown();
    awaitGeneration("orders", 1);
  }

  @Test
  void aPolicyThatBreaksTheTranslatorHarmsOnlyItself() {
    // When
    cluster.apply(policy("poison", 1));
    cluster.apply(policy("orders", 1));

    // Then
    awaitGeneration("orders", 1);
    assertThat(backends.get(key("poison")).orElseThrow().reading())
        .isInstanceOf(Reading.Failed.class);
    assertThat(fastPath.isAlive()).isTrue();
  }

  @Test
  void aPolicyThatCannotBeReadHarmsOnlyItself() {
    // When
    cluster.apply(unreadable("future", 1, Optional.empty()));
    cluster.apply(policy("orders", 1));

    // Then
    awaitGeneration("orders", 1);
    assertThat(backends.get(key("future")).orElseThrow().reading())
        .isEqualTo(new Reading.Failed("spec.mode: unknown"));
  }

  @Test
  void aPolicyThatBecomesUnreadableKeepsItsPodsAndWhatTheyRun() {
    // Given
    var policy = policy("orders", 1);
    var pod = pod("orders-1", "orders", Capture.REDIRECT);
    cluster.apply(policy);
    cluster.apply(pod);
    awaitGeneration("orders", 1);
    xds.done.clear();

    // When
    cluster.apply(unreadable("orders", 2, policy("orders", 2).legible()));

    // Then
    awaitGeneration("orders", 2);
    assertThat(groups.policyOf(pod)).contains(key("orders"));
    assertThat(versionInForce("orders")).isEqualTo("orders-1");
    assertThat(xds.doneTo("shop/orders/")).isEmpty();
  }

  @Test
  void aNewPolicyThatCannotBeReadClosesItsGate() {
    // When
    cluster.apply(unreadable("orders", 1, policy("orders", 1).legible()));

    // Then
    awaitGeneration("orders", 1);
    assertThat(xds.doneTo("shop/orders/"))
        .containsExactlyInAnyOrder(
            "publish shop/orders/Redirect closed-0", "publish shop/orders/None closed-0");
  }

  @Test
  void aRefusedEditLeavesTheLastGoodInForce() {
    // Given
    cluster.apply(policy("orders", 1));
    awaitGeneration("orders", 1);

    // When
    cluster.apply(policy("orders", 13));

    // Then
    awaitGeneration("orders", 13);
    assertThat(xds.doneTo("shop/orders/")).containsExactly("publish shop/orders/Redirect orders-1");
    assertThat(versionInForce("orders")).isEqualTo("orders-1");
  }

  @Test
  void aCanarysRefusalLeavesTheLastGoodInForce() {
    // Given
    cluster.apply(policy("orders", 1));
    awaitGeneration("orders", 1);
    xds.refusals.put("orders-2", "malformed IP address");

    // When
    cluster.apply(policy("orders", 2));

    // Then
    awaitGeneration("orders", 2);
    assertThat(versionInForce("orders")).isEqualTo("orders-1");
    assertThat(backends.get(key("orders")).orElseThrow().outcomes().get(Capture.REDIRECT))
        .hasToString("Rejected[version=orders-2, resource=inbound, message=malformed IP address]");
  }

  @Test
  void aNewPolicyThatIsRefusedClosesItsGate() {
    // When
    cluster.apply(policy("orders", 13));

    // Then
    awaitGeneration("orders", 13);
    assertThat(xds.doneTo("shop/orders/"))
        .containsExactlyInAnyOrder(
            "publish shop/orders/Redirect closed-0", "publish shop/orders/None closed-0");
  }

  /** After a restart nobody remembers the last good, but it may still be what the pods run. */
  @Test
  void aRefusedPolicyThatWasOnceInForceIsLeftAlone() {
    // Given
    var refused = (ObservedPolicy.Readable) policy("orders", 13);

    // When
    cluster.apply(new ObservedPolicy.Readable(refused.policy(), Optional.of("orders-1")));

    // Then
    awaitGeneration("orders", 13);
    assertThat(xds.doneTo("shop/orders/")).isEmpty();
  }

  @Test
  void aDeletedPolicysPodsMoveToTheClosedGroup() {
    // Given
    var policy = policy("orders", 1);
    cluster.apply(policy);
    cluster.apply(pod("orders-1", "orders", Capture.REDIRECT));
    awaitGeneration("orders", 1);
    xds.done.clear();

    // When
    cluster.delete(policy);

    // Then
    await().until(() -> xds.done.contains("withdraw shop/orders/Redirect"));
    assertThat(xds.done.indexOf("regroup orders-1"))
        .isNotNegative()
        .isLessThan(xds.done.indexOf("withdraw shop/orders/Redirect"));
    await().until(() -> backends.get(key("orders")).isEmpty());
  }

  @Test
  void theClosedGateIsPublishedFromTheStart() {
    assertThat(xds.done)
        .contains("publish -/closed/Redirect closed-0", "publish -/closed/None closed-0");
  }

  @Test
  void aRivalThatGoesSetsTheOtherFree() {
    // Given
    var older = policy("orders", 1);
    cluster.apply(older);
    cluster.apply(selecting(policy("rival", 1), "orders"));
    cluster.apply(pod("orders-1", "orders", Capture.REDIRECT));
    awaitGeneration("rival", 1);
    await().until(() -> fastPath.backlog() == 0);
    xds.done.clear();

    // When
    cluster.delete(older);

    // Then
    await().until(() -> xds.done.contains("publish shop/rival/Redirect rival-1"));
  }

  @Test
  void aCallerThatIsTakenAwayIsTheBeginningOfANewEpoch() {
    // Given
    cluster.apply(calling(policy("orders", 1), "edge", "batch"));
    awaitGeneration("orders", 1);

    // When
    cluster.apply(calling(policy("orders", 2), "edge"));

    // Then
    awaitGeneration("orders", 2);
    assertThat(good("orders").judgement()).isEqualTo(new Judgement(2, new Epoch(2, 0)));
    assertThat(good("orders").epoch()).isEqualTo(Epoch.FIRST);
  }

  @Test
  void theEpochIsInForceOnceTheStatusTellsIt() {
    // Given
    cluster.apply(calling(policy("orders", 1), "edge", "batch"));
    awaitGeneration("orders", 1);
    var tightened = calling(policy("orders", 2), "edge");
    cluster.apply(tightened);
    awaitGeneration("orders", 2);

    // When
    cluster.apply(telling(tightened, new Revocation(2, new Epoch(2, 0), State.CUTTING)));

    // Then
    await().until(() -> good("orders").epoch().equals(new Epoch(2, 0)));
    assertThat(xds.doneTo("shop/orders/").toList())
        .last()
        .isEqualTo("publish shop/orders/Redirect orders-2-epoch-2-0");
  }

  @Test
  void aCallerThatIsAddedBeginsNoEpoch() {
    // Given
    cluster.apply(calling(policy("orders", 1), "edge"));
    awaitGeneration("orders", 1);

    // When
    cluster.apply(calling(policy("orders", 2), "edge", "batch"));

    // Then
    awaitGeneration("orders", 2);
    assertThat(good("orders").judgement()).isEqualTo(new Judgement(2, Epoch.FIRST));
  }

  /** A restart cuts nobody, and repeats what was in force before it. */
  @Test
  void afterARestartTheStatusSaysWhichEpochItIs() {
    // When
    cluster.apply(
        telling(
            calling(policy("orders", 7), "edge"), new Revocation(7, new Epoch(5, 1), State.DONE)));

    // Then
    awaitGeneration("orders", 7);
    assertThat(good("orders").epoch()).isEqualTo(new Epoch(5, 1));
    assertThat(good("orders").judgement()).isEqualTo(new Judgement(7, new Epoch(5, 1)));
  }

  @Test
  void anEditThatNobodySawMayHaveTakenAnything() {
    // When
    cluster.apply(
        telling(
            calling(policy("orders", 8), "edge"), new Revocation(7, new Epoch(5, 0), State.DONE)));

    // Then
    awaitGeneration("orders", 8);
    assertThat(good("orders").judgement()).isEqualTo(new Judgement(8, new Epoch(8, 0)));
  }

  @Test
  void aRemovedCaBeginsANewEpochOfEveryPolicy() {
    // Given
    cluster.apply(policy("orders", 1));
    cluster.apply(policy("carts", 1));
    awaitGeneration("orders", 1);
    awaitGeneration("carts", 1);

    // When
    authorities.set(1);
    fastPath.authoritiesChanged();

    // Then
    await().until(() -> good("orders").epoch().equals(new Epoch(0, 1)));
    await().until(() -> good("carts").epoch().equals(new Epoch(0, 1)));
  }

  private LastGood good(String name) {
    return backends.get(key(name)).flatMap(BackendState::lastGood).orElseThrow();
  }

  private static ObservedPolicy calling(ObservedPolicy policy, String... callers) {
    var readable = ((ObservedPolicy.Readable) policy).policy();
    readable.getMetadata().setAnnotations(Map.of("callers", String.join(",", callers)));
    return policy;
  }

  private static ObservedPolicy telling(ObservedPolicy policy, Revocation revocation) {
    return new ObservedPolicy.Readable(
        ((ObservedPolicy.Readable) policy).policy(), Optional.of("some"), Optional.of(revocation));
  }

  private void awaitGeneration(String name, long generation) {
    await()
        .until(() -> backends.get(key(name)).filter(s -> s.generation() == generation).isPresent());
  }

  private String versionInForce(String name) {
    return backends
        .get(key(name))
        .orElseThrow()
        .lastGood()
        .orElseThrow()
        .versions()
        .get(Capture.REDIRECT);
  }

  private static BackendKey key(String name) {
    return new BackendKey("shop", name);
  }

  private static ObservedPolicy policy(String name, long generation) {
    var policy = new ApiBackendPolicy();
    policy.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("shop")
            .withName(name)
            .withUid("uid-of-" + name)
            .withCreationTimestamp("2026-11-22T12:00:00Z")
            .withGeneration(generation)
            .build());
    policy.setSpec(spec(name));
    return new ObservedPolicy.Readable(policy, Optional.empty());
  }

  private static ObservedPolicy unreadable(
      String name, long generation, Optional<ApiBackendPolicy> legible) {
    return new ObservedPolicy.Unreadable(
        key(name), "uid-of-" + name, generation, "spec.mode: unknown", Optional.empty(), legible);
  }

  private static ObservedPolicy selecting(ObservedPolicy policy, String app) {
    ((ObservedPolicy.Readable) policy).policy().setSpec(spec(app));
    return policy;
  }

  private static ApiBackendPolicySpec spec(String app) {
    return JSON.convertValue(
        Map.of("selector", Map.of("matchLabels", Map.of("app", app))), ApiBackendPolicySpec.class);
  }

  private static ObservedPod pod(String name, String app, Capture capture) {
    return pod(name, app, capture, KeyDelivery.KUBELET);
  }

  private static ObservedPod pod(String name, String app, Capture capture, KeyDelivery keys) {
    return new ObservedPod(
        "shop",
        name,
        name,
        Map.of("app", app),
        "orders",
        Optional.of("127.0.0.1"),
        Phase.RUNNING,
        Instant.EPOCH,
        Optional.of(
            new Sidecar(
                key(app), capture, keys, Sidecar.State.STARTED, TEMPLATE, Duration.ofSeconds(5))),
        Credentials.OURS,
        Readiness.READY,
        Set.of());
  }

  /** The version is the policy's name and generation; the thirteenth generation is wrong. */
  private static final class ByName implements Gate {

    @Override
    public Resolution resolve(BackendView view) {
      var meta = view.policy().getMetadata();
      if (meta.getGeneration() == 13) {
        return new Resolution.Unresolved(
            List.of(new Problem("spec", Problem.Reason.Invalid, "Unlucky.")));
      }
      var closed = ClosedGate.intent(view.mesh(), Capture.REDIRECT);
      return new Resolution.Resolved(
          new BackendIntent(
              new BackendKey(meta.getNamespace(), meta.getName()),
              closed.selector(),
              closed.application(),
              new Inbound(
                  meta.getGeneration().intValue(), closed.inbound().tls(), Capture.REDIRECT),
              callers(meta.getAnnotations()),
              List.of(),
              closed.limits(),
              closed.timeouts(),
              closed.headers(),
              view.mesh()));
    }

    private static List<Caller> callers(Map<String, String> annotations) {
      return Stream.of(annotations.getOrDefault("callers", "none"))
          .flatMap(names -> Stream.of(names.split(",")))
          .map(name -> Intents.caller(name, new Caller.Origin.Anywhere(), "spiffe://m/sa/" + name))
          .toList();
    }

    @Override
    public EnvoyResources translate(
        BackendIntent intent, Epoch epoch, long generation, Map<String, String> annotations) {
      if (intent.key().name().equals("poison")) {
        throw new IllegalStateException("boom");
      }
      var name = intent.key().name();
      var age =
          epoch.equals(Epoch.FIRST)
              ? ""
              : "-epoch-%d-%d".formatted(epoch.callers(), epoch.authorities());
      var version = name.equals("closed") ? "closed-0" : name + "-" + intent.inbound().port() + age;
      return new EnvoyResources(
          version,
          Listener.getDefaultInstance(),
          RouteConfiguration.getDefaultInstance(),
          List.of());
    }
  }
}
