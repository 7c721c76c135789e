package dev.portcullis.operator.watch.certificates;

import static dev.portcullis.operator.watch.certificates.Kubelet.withAnnotation;
import static dev.portcullis.operator.watch.certificates.Kubelet.withKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.identity.PeerCertificate;
import dev.portcullis.operator.identity.TrustBundle;
import io.fabric8.kubernetes.api.model.certificates.v1.PodCertificateRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.PodCertificateRequestBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodCertificateIT {

  private static OperatorCluster cluster;
  private Kubelet kubelet;

  @BeforeAll
  static void install() {
    cluster = new OperatorCluster();
  }

  @BeforeEach
  void namespace() {
    var name = ApiServer.namespace(cluster.admin, "shop").getMetadata().getName();
    kubelet = new Kubelet(cluster.admin, name);
  }

  @AfterEach
  void stopReplicas() {
    cluster.stopReplicas();
  }

  @AfterAll
  static void uninstall() {
    cluster.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ECDSAP256", "ECDSAP384", "RSA3072", "RSA4096", "ED25519"})
  void aPodGetsACertificateOfItsServiceAccount(String keyType) throws Exception {
    // Given an operator and a pod
    cluster.leader();
    var orders = kubelet.start("orders");

    // When its kubelet asks
    var request = kubelet.ask(orders, withKey(keyType));

    // Then it is issued, and the API server's own checks have accepted it
    await().until(() -> kubelet.answerTo(request).equals("Issued"));
    var status = kubelet.statusOf(request);
    var chain = TrustBundle.ofPem(status.getCertificateChain()).roots();
    assertThat(chain).hasSize(2);
    assertThat(PeerCertificate.of(chain.getFirst()))
        .contains(
            new PeerCertificate(
                "spiffe://cluster.local/ns/" + kubelet.namespace() + "/sa/orders",
                Instant.parse(status.getNotAfter())));
    assertThatCode(() -> chain.get(1).verify(cluster.trusted().roots().getFirst().getPublicKey()))
        .doesNotThrowAnyException();
    assertThat(lifetimeOf(request)).isEqualTo(Duration.ofHours(24));
  }

  @Test
  void aPodMayAskForAShorterLife() {
    cluster.leader();
    var orders = kubelet.start("orders");

    var request = kubelet.ask(orders, living(3600));

    await().until(() -> kubelet.answerTo(request).equals("Issued"));
    assertThat(lifetimeOf(request)).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void aPodThatAsksForALongerLifeGetsADay() {
    cluster.leader();
    var orders = kubelet.start("orders");

    var request = kubelet.ask(orders, living(7_862_400));

    await().until(() -> kubelet.answerTo(request).equals("Issued"));
    assertThat(lifetimeOf(request)).isEqualTo(Duration.ofHours(24));
  }

  static Stream<Arguments> denials() {
    return Stream.of(
        Arguments.of("UnsupportedKeyType", withKey("ECDSAP521")),
        Arguments.of("InvalidUnverifiedUserAnnotations", withAnnotation("example.org/tier")),
        Arguments.of("PodNotFound", changed(r -> r.editSpec().withPodName("ghost").endSpec())),
        Arguments.of("PodMismatch", changed(r -> r.editSpec().withPodUID("another").endSpec())),
        Arguments.of("NodeMismatch", changed(r -> r.editSpec().withNodeName("node-2").endSpec())),
        Arguments.of(
            "ServiceAccountMismatch",
            changed(r -> r.editSpec().withServiceAccountName("vault").endSpec())),
        Arguments.of(
            "ServiceAccountMismatch",
            changed(r -> r.editSpec().withServiceAccountUID("another").endSpec())));
  }

  private static UnaryOperator<PodCertificateRequestBuilder> changed(
      UnaryOperator<PodCertificateRequestBuilder> change) {
    return change;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("denials")
  void aRequestThatDoesNotMatchItsPodIsDenied(
      String reason, UnaryOperator<PodCertificateRequestBuilder> change) {
    // Given
    var operator = cluster.leader();
    var orders = kubelet.start("orders");
    kubelet.start("vault");
    // When
    var request = kubelet.ask(orders, change);
    // Then
    await().until(() -> kubelet.answerTo(request).equals("Denied/" + reason));
    assertThat(kubelet.statusOf(request).getCertificateChain()).isNull();
    await().until(() -> operator.count("portcullis.certificates.denied") >= 1);
  }

  @Test
  void aPodThatNeverAskedIsDenied() {
    cluster.leader();
    var stranger = kubelet.start("stranger", "example.org/other");

    var request = kubelet.ask(stranger);

    await().until(() -> kubelet.answerTo(request).equals("Denied/NotRequestedByPod"));
  }

  @Test
  void aFinishedPodIsDenied() {
    var done = kubelet.start("done");
    cluster
        .admin
        .resource(done.pod())
        .editStatus(
            pod -> {
              pod.getStatus().setPhase("Succeeded");
              return pod;
            });
    cluster.leader();

    var request = kubelet.ask(done);

    await().until(() -> kubelet.answerTo(request).equals("Denied/PodFinished"));
  }

  @Test
  void requestsOfOtherSignersAreLeftAlone() {
    // Given
    cluster.leader();
    var orders = kubelet.start("orders");
    // When
    var foreign =
        kubelet.ask(
            orders, request -> request.editSpec().withSignerName("example.org/x").endSpec());
    var ours = kubelet.ask(orders);
    // Then
    await().until(() -> kubelet.answerTo(ours).equals("Issued"));
    assertThat(kubelet.answerTo(foreign)).isEqualTo("Pending");
  }

  @Test
  void requestsFromBeforeTheOperatorStartedAreAnswered() {
    var orders = kubelet.start("orders");
    var request = kubelet.ask(orders);

    cluster.leader();

    await().until(() -> kubelet.answerTo(request).equals("Issued"));
  }

  @Test
  void racingReplicasGiveOneAnswerAndNoError() {
    // Given three replicas, each of which sees every request
    var replicas = List.of(cluster.leader(), cluster.replica(), cluster.replica());
    replicas.forEach(PodCertificateIT::awaitReady);
    var workloads = IntStream.range(0, 20).mapToObj(i -> kubelet.start("orders-" + i)).toList();

    // When
    var requests = workloads.stream().map(kubelet::ask).toList();

    // Then each request is issued, and counted as such, once
    await().until(() -> requests.stream().allMatch(r -> kubelet.answerTo(r).equals("Issued")));
    await()
        .until(
            () ->
                replicas.stream()
                    .allMatch(
                        r ->
                            r.registry().get("portcullis.certificates.pending").gauge().value()
                                == 0));
    assertThat(replicas.stream().mapToDouble(r -> r.count("portcullis.certificates.issued")).sum())
        .isEqualTo(requests.size());
    assertThat(replicas).allSatisfy(PodCertificateIT::hasSeenNothingWorseThanConflicts);
  }

  private static void hasSeenNothingWorseThanConflicts(OperatorCluster.Replica replica) {
    var counters = replica.registry().find("portcullis.certificates.postponed").counters();
    assertThat(counters).allMatch(counter -> "conflict".equals(counter.getId().getTag("reason")));
  }

  @Test
  void oneMadPodGetsTenAMinuteAndDoesNotHoldUpOthers() {
    // Given
    var operator = cluster.leader();
    awaitReady(operator);
    var mad = kubelet.start("mad");
    var calm = kubelet.start("calm");
    // When
    var storm = IntStream.range(0, 14).mapToObj(i -> kubelet.ask(mad)).toList();
    var single = kubelet.ask(calm);
    // Then
    await().until(() -> kubelet.answerTo(single).equals("Issued"));
    await().until(() -> issued(storm) == 10);
    await().until(() -> operator.count("portcullis.certificates.postponed") >= 4);
    assertThat(issued(storm)).isEqualTo(10);
  }

  @Test
  void aWorkloadGetsItsShareOverAllReplicasAndOthersTheirOwn() {
    // Given two replicas that give a workload eight an hour, and one that makes its pods anew
    var limits = new IssueLimits(10, 8);
    var replicas = List.of(cluster.leader(limits), cluster.replica(limits));
    replicas.forEach(PodCertificateIT::awaitReady);
    var first = kubelet.start("orders");
    var pods =
        IntStream.range(0, 20).mapToObj(i -> kubelet.startAnother("orders-" + i, first)).toList();
    var calm = kubelet.start("calm");

    // When
    var storm = pods.stream().map(kubelet::ask).toList();
    var single = kubelet.ask(calm);

    // Then the others' are issued, and of its own no more than its share
    await().until(() -> kubelet.answerTo(single).equals("Issued"));
    await().until(() -> issued(storm) == 8);
    await().atMost(Duration.ofSeconds(60)).until(() -> replicas.stream().allMatch(this::throttles));

    // and the rest waits: it is neither denied nor failed, and one of its pods says why, once
    assertThat(issued(storm)).isEqualTo(8);
    assertThat(storm.stream().map(kubelet::answerTo)).containsOnly("Issued", "Pending");
    await().atMost(Duration.ofSeconds(60)).until(() -> warnings().size() == 1);
    assertThat(warnings().getFirst().getRegarding().getKind()).isEqualTo("Pod");
    assertThat(warnings().getFirst().getNote())
        .contains("Service account " + kubelet.namespace() + "/orders has had 8 certificates");
    assertThat(replicas)
        .allSatisfy(
            replica ->
                assertThat(replica.service().throttled())
                    .containsOnlyKeys(kubelet.namespace() + "/orders"));

    // When those that wait are gone, then nobody is throttled any more
    storm.forEach(request -> cluster.admin.resource(request).delete());
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> replicas.stream().noneMatch(this::throttles));
  }

  private boolean throttles(OperatorCluster.Replica replica) {
    return replica.registry().get("portcullis.certificates.throttled.workloads").gauge().value()
        == 1;
  }

  private List<Event> warnings() {
    return cluster
        .admin
        .events()
        .v1()
        .events()
        .inNamespace(kubelet.namespace())
        .list()
        .getItems()
        .stream()
        .filter(event -> event.getReason().equals("TooManyCertificates"))
        .toList();
  }

  private long issued(List<PodCertificateRequest> requests) {
    return requests.stream().filter(r -> kubelet.answerTo(r).equals("Issued")).count();
  }

  @ParameterizedTest
  @ValueSource(longs = {-86_400, -600, -300, -60, 60, 300, 400, 86_400})
  void aSkewedClockIssuesByTheApiServersOwn(long seconds) {
    // Given a replica whose clock is wrong
    awaitReady(cluster.leader());
    cluster.stopReplicas();
    var skewed = cluster.replica(Clock.offset(Clock.systemUTC(), Duration.ofSeconds(seconds)));
    awaitReady(skewed);
    var orders = kubelet.start("orders");

    // When
    var request = kubelet.ask(orders);

    // Then what it issues holds for peers whose clock is right, or behind by minutes
    await().until(() -> kubelet.answerTo(request).equals("Issued"));
    var now = Instant.now();
    assertThat(Duration.between(Instant.parse(kubelet.statusOf(request).getNotBefore()), now))
        .isBetween(Duration.ofSeconds(140), Duration.ofSeconds(320));
    await().until(() -> skewed.service().canServe());
    assertThat(skewed.service().credentials().leaf().orElseThrow().notBefore())
        .isBetween(now.minusSeconds(400), now.minusSeconds(300));
    assertThat(skewed.registry().get("portcullis.clock.skew").gauge().value())
        .isBetween(seconds - 15.0, seconds + 15.0);
  }

  private static void awaitReady(OperatorCluster.Replica replica) {
    await().until(() -> replica.state() instanceof CaState.Ready && replica.service().isWatching());
  }

  private static UnaryOperator<PodCertificateRequestBuilder> living(int seconds) {
    return request -> request.editSpec().withMaxExpirationSeconds(seconds).endSpec();
  }

  private Duration lifetimeOf(PodCertificateRequest request) {
    var status = kubelet.statusOf(request);
    return Duration.between(
        Instant.parse(status.getNotBefore()), Instant.parse(status.getNotAfter()));
  }
}
