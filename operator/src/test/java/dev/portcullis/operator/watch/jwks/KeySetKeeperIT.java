package dev.portcullis.operator.watch.jwks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.envoytest.TestIssuer;
import dev.portcullis.operator.envoytest.TestPki;
import dev.portcullis.operator.intent.VerificationKey;
import dev.portcullis.operator.status.References.Fault;
import dev.portcullis.operator.watch.clients.HandClock;
import dev.portcullis.operator.watch.cluster.ObservedPolicy;
import dev.portcullis.operator.watch.cluster.Views;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of an issuer's answers over time, on a clock that the test moves. */
class KeySetKeeperIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration INTERVAL = Duration.ofMinutes(5);
  private static final String HOST = "login.example.com";
  private static final TestIssuer FIRST = TestIssuer.create("corp", "one");
  private static final TestIssuer SECOND = TestIssuer.create("corp", "two");
  private static final TestPki PKI = TestPki.create();

  private static KubernetesClient admin;

  private final HandClock clock = new HandClock(Instant.parse("2026-01-01T12:00:00Z"));
  private final FixedPolicies policies = new FixedPolicies();
  private final AtomicBoolean leads = new AtomicBoolean(true);
  private String system;
  private String shop;
  private PublishingIssuer issuer;
  private Running running;

  /** One life of the operator's part. */
  private record Running(HeldKeySets sets, KeySetKeeper keeper, KeySetFetcher fetcher)
      implements AutoCloseable {
    @Override
    public void close() {
      keeper.end();
      fetcher.close();
      sets.close();
    }
  }

  private static final class FixedPolicies implements Views<ObservedPolicy> {

    private final List<ObservedPolicy> all = new CopyOnWriteArrayList<>();

    @Override
    public Optional<ObservedPolicy> get(String namespace, String name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<ObservedPolicy> in(String namespace) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<ObservedPolicy> all() {
      return all;
    }

    @Override
    public void onChange(Change<ObservedPolicy> listener) {
      // They are looked at every half second anyway.
    }
  }

  @BeforeAll
  static void connect() {
    admin = ApiServer.admin();
  }

  @AfterAll
  static void disconnect() {
    admin.close();
  }

  @BeforeEach
  void open() {
    system = ApiServer.namespace(admin, "system").getMetadata().getName();
    shop = ApiServer.namespace(admin, "shop").getMetadata().getName();
    admin
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(shop)
                .withName("login-ca")
                .endMetadata()
                .addToStringData("ca.crt", PKI.trustBundle())
                .build())
        .create();
    issuer = PublishingIssuer.start(PKI, HOST);
    running = start(List.of(HOST + ":" + issuer.port()));
  }

  @AfterEach
  void close() {
    running.close();
    issuer.close();
  }

  private Running start(List<String> allowed) {
    var hosts = AllowedHosts.parse(allowed);
    var sets = new HeldKeySets(admin, system, policies, hosts);
    var limits =
        new KeySetFetcher.Limits(
            hosts, AllowedAddresses.with(List.of("127.0.0.1/32")), Duration.ofSeconds(60));
    // Certificates are of today, whatever the clock of the test says.
    var fetcher =
        new KeySetFetcher(
            admin,
            limits,
            InstantSource.system(),
            _ -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")});
    var metrics = new KeySetMetrics(new SimpleMeterRegistry(), clock);
    var keeper =
        new KeySetKeeper(
            new KeySetKeeper.Parts(sets, fetcher, metrics, clock, clock::nanos, leads::get));
    sets.start();
    keeper.begin();
    return new Running(sets, keeper, fetcher);
  }

  private void restart(List<String> allowed) {
    running.close();
    running = start(allowed);
  }

  private ApiBackendPolicy policy(String name, String jwks) {
    var policy =
        admin
            .getKubernetesSerialization()
            .unmarshal(
                """
                apiVersion: portcullis.dev/v1alpha1
                kind: ApiBackendPolicy
                metadata: {namespace: %s, name: %s}
                spec: {authentication: {jwt: [{name: corp, jwks: %s}]}}
                """
                    .formatted(shop, name, jwks),
                ApiBackendPolicy.class);
    policies.all.add(new ObservedPolicy.Readable(policy, Optional.empty()));
    return policy;
  }

  private ApiBackendPolicy orders() {
    return policy("orders", "{url: '%s', caSecretRef: {name: login-ca}}".formatted(url()));
  }

  private String url() {
    return "https://%s:%d/keys".formatted(HOST, issuer.port());
  }

  private List<VerificationKey> keys(ApiBackendPolicy policy) {
    return running.sets().of(policy).orElse(Map.of()).values().stream()
        .flatMap(List::stream)
        .toList();
  }

  private List<VerificationKey> keysOnceRead(ApiBackendPolicy policy) {
    return await()
        .atMost(PATIENCE)
        .until(() -> running.sets().of(policy), Optional::isPresent)
        .orElseThrow()
        .values()
        .stream()
        .flatMap(List::stream)
        .toList();
  }

  private List<String> missing(ApiBackendPolicy policy) {
    return running.sets().faults(policy).missing().stream().map(Fault::reason).toList();
  }

  private List<String> late(ApiBackendPolicy policy) {
    return running.sets().faults(policy).late().stream().map(Fault::reason).toList();
  }

  /** Lets time pass until it is so. */
  private void untilOverTime(BooleanSupplier condition) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              clock.pass(INTERVAL);
              return condition.getAsBoolean();
            });
  }

  private ApiBackendPolicy ordersWith(TestIssuer... published) {
    issuer.publishes(published);
    var orders = orders();
    await().atMost(PATIENCE).until(() -> keys(orders).size() == published.length);
    return orders;
  }

  @Test
  void untilTheFirstAnswerThereAreNoKeysAndItIsSaidWhy() {
    // Given
    var orders = orders();
    await().atMost(PATIENCE).until(() -> missing(orders), List.of("AnswerInvalid")::equals);
    assertThat(running.sets().faults(orders).missing().getFirst())
        .isEqualTo(
            new Fault(
                "spec.authentication.jwt[0].jwks",
                "AnswerInvalid",
                url() + " never gave keys: It answers with status 404."));
    assertThat(keys(orders)).isEmpty();

    // When
    issuer.publishes(FIRST);

    // Then
    untilOverTime(() -> keys(orders).equals(List.of(FIRST.key())));
    assertThat(missing(orders)).isEmpty();
    assertThat(late(orders)).isEmpty();
  }

  @Test
  void aNewKeyIsPickedUpAndOneThatIsGoneIsGone() {
    var orders = ordersWith(FIRST);

    issuer.publishes(FIRST, SECOND);
    untilOverTime(() -> keys(orders).equals(List.of(FIRST.key(), SECOND.key())));

    issuer.publishes(SECOND);
    untilOverTime(() -> keys(orders).equals(List.of(SECOND.key())));
  }

  @Test
  void onePlaceIsAskedOnceForAllPolicies() {
    var orders = ordersWith(FIRST);
    var place = "{url: '%s', caSecretRef: {name: login-ca}}";
    var bills = policy("bills", place.formatted(url()));
    var other = policy("other", place.formatted(url() + "/other"));

    await().atMost(PATIENCE).until(() -> !keys(other).isEmpty());

    assertThat(issuer.asked()).isEqualTo(2);
    assertThat(keys(bills)).isEqualTo(keys(orders));
  }

  @Test
  void theLastGoodKeysOutliveTheIssuerAndARestart() {
    // Given
    var orders = ordersWith(FIRST);
    var allowed = List.of(HOST + ":" + issuer.port());
    issuer.close();

    // When, Then
    untilOverTime(() -> late(orders).equals(List.of("NotReachable")));
    assertThat(keys(orders)).containsExactly(FIRST.key());
    assertThat(missing(orders)).isEmpty();
    assertThat(running.sets().faults(orders).late().getFirst().message())
        .contains(" gives no keys since ", "No connection to 127.0.0.1", " count on.");

    // When, Then
    restart(allowed);
    assertThat(keysOnceRead(orders)).containsExactly(FIRST.key());
    assertThat(late(orders)).containsExactly("NotReachable");

    // When, Then
    issuer = PublishingIssuer.startAgain(PKI, HOST, issuer.port());
    issuer.publishes(SECOND);
    untilOverTime(() -> keys(orders).equals(List.of(SECOND.key())));
    assertThat(late(orders)).isEmpty();
  }

  @Test
  void noAnswerTakesGoodKeysAway() {
    // Given
    var orders = ordersWith(FIRST);
    var many =
        Stream.generate(() -> "{\"kty\":\"EC\"}")
            .limit(10_000)
            .collect(Collectors.joining(",", "{\"keys\":[", "]}"));

    for (var hostile :
        Map.of(
                "<html>Sign in</html>",
                "KeysInvalid",
                "{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}]}",
                "KeysInvalid",
                "{\"keys\":[]}",
                "KeysInvalid",
                many,
                "KeysInvalid",
                "a".repeat(300 * 1024),
                "AnswerInvalid")
            .entrySet()) {
      // When
      issuer.answersWith(hostile.getKey());
      // Then
      untilOverTime(() -> late(orders).equals(List.of(hostile.getValue())));
      assertThat(keys(orders)).containsExactly(FIRST.key());
      // When, Then
      issuer.publishes(FIRST);
      untilOverTime(() -> late(orders).isEmpty());
    }
  }

  @Test
  void aHostThatTheInstallationTakesAwayCountsNoMore() {
    var orders = ordersWith(FIRST);

    restart(List.of("another.example.com"));

    assertThat(keysOnceRead(orders)).isEmpty();
    assertThat(missing(orders)).containsExactly("HostNotAllowed");
  }

  @Test
  void withoutAllowedHostsNothingIsReadOrAsked() {
    var orders = ordersWith(FIRST);

    restart(List.of());

    assertThat(running.sets().of(orders)).contains(Map.of());
    assertThat(missing(orders)).containsExactly("HostNotAllowed");
  }

  @Test
  void whoDoesNotLeadReadsAndAsksNobody() {
    // Given
    var orders = ordersWith(FIRST);
    leads.set(false);
    var asked = issuer.asked();

    // When
    issuer.publishes(SECOND);
    clock.pass(INTERVAL);
    restart(List.of(HOST + ":" + issuer.port()));

    // Then
    assertThat(keysOnceRead(orders)).containsExactly(FIRST.key());
    leads.set(true);
    untilOverTime(() -> keys(orders).equals(List.of(SECOND.key())));
    assertThat(issuer.asked()).isGreaterThan(asked);
  }

  @Test
  void keysThatNoPolicyNamesAreForgottenAfterAnHour() {
    ordersWith(FIRST);
    assertThat(stored()).isEqualTo(1);

    policies.all.clear();

    untilOverTime(() -> stored() == 0);
  }

  /** A tenant that names places without end keeps nobody else waiting, and is bounded. */
  @Test
  void aNamespaceHasSoManyPlacesAndNoMore() {
    issuer.publishes(FIRST);
    for (var each = 100; each < 180; each++) {
      policy("p" + each, "{url: '%s/%d', caSecretRef: {name: login-ca}}".formatted(url(), each));
    }
    await().atMost(PATIENCE).until(() -> stored() == 64);

    untilOverTime(() -> issuer.asked() >= 128);

    assertThat(stored()).isEqualTo(64);
  }

  private long stored() {
    return admin.configMaps().inNamespace(system).list().getItems().stream()
        .filter(object -> object.getMetadata().getName().startsWith("portcullis-jwks-"))
        .count();
  }
}
