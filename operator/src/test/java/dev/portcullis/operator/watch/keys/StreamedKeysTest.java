package dev.portcullis.operator.watch.keys;

import static dev.portcullis.bootstrap.contract.EnvoyNames.IDENTITY_SECRET;
import static dev.portcullis.bootstrap.contract.EnvoyNames.TRUST_SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.operator.identity.CaMint;
import dev.portcullis.operator.identity.CertificateAuthority;
import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.HeldLeaf;
import dev.portcullis.operator.identity.LeafFiles;
import dev.portcullis.operator.identity.LeafKey;
import dev.portcullis.operator.identity.ServerIdentity;
import dev.portcullis.operator.identity.TrustDomain;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Inbound.Capture;
import dev.portcullis.operator.watch.certificates.CertificateSettings;
import dev.portcullis.operator.watch.certificates.IssueLimits;
import dev.portcullis.operator.watch.clients.HandClock;
import dev.portcullis.operator.watch.cluster.Cluster;
import dev.portcullis.operator.watch.cluster.ObservedPod;
import dev.portcullis.operator.watch.cluster.ObservedPod.Credentials;
import dev.portcullis.operator.watch.cluster.ObservedPod.Phase;
import dev.portcullis.operator.watch.cluster.ObservedPod.Readiness;
import dev.portcullis.operator.watch.cluster.ObservedPod.Sidecar;
import dev.portcullis.operator.watch.cluster.ObservedPolicy;
import dev.portcullis.operator.watch.cluster.Views;
import dev.portcullis.operator.watch.time.Timepiece;
import dev.portcullis.operator.xds.Peer;
import dev.portcullis.operator.xds.PeerSecret;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamedKeysTest {

  private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
  private static final Peer ORDERS = new Peer("shop", "orders-1", "uid-1", "orders");

  private final HandClock clock = new HandClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final Map<String, ObservedPod> pods = new HashMap<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private LeafKey keyType = LeafKey.ECDSAP256;
  private Optional<CertificateAuthority> authority = Optional.of(newAuthority());
  private final StreamedKeys keys =
      new StreamedKeys(
          new StreamedKeys.Parts(
              new Pods(),
              () -> authority,
              () -> authority.map(CertificateAuthority::trustBundle),
              pod -> keyType,
              CertificateSettings.of(
                  DOMAIN,
                  "portcullis-system",
                  new ServerIdentity(
                      DOMAIN.serviceAccount("portcullis-system", "portcullis"), List.of())),
              CryptoProvider.plainJdk(),
              new Timepiece(clock, clock::nanos)),
          new KeyMetrics(registry));

  @BeforeEach
  void aPodWhoseKeyComesOverTheStream() {
    put(pod("orders-1", "uid-1", "orders", KeyDelivery.STREAM));
  }

  @Test
  void aPodIsTheServiceAccountOfItsToken() {
    var secret = keys.next(ORDERS, IDENTITY_SECRET, "").orElseThrow();

    assertThat(leaf(secret).names("spiffe://cluster.local/ns/shop/sa/orders")).isTrue();
    assertThat(keys.isDue(ORDERS, IDENTITY_SECRET, secret.version())).isFalse();
    assertThat(keys.next(ORDERS, IDENTITY_SECRET, secret.version())).isEmpty();
    assertThat(secret.toString()).doesNotContain("KEY");
  }

  @Test
  void anotherTypeOfKeyIsFollowed() {
    // Given
    var held = keys.next(ORDERS, IDENTITY_SECRET, "").orElseThrow().version();

    // When
    keyType = LeafKey.ECDSAP384;

    // Then
    var other = keys.next(ORDERS, IDENTITY_SECRET, held).orElseThrow();
    assertThat(LeafVersion.parse(other.version()).orElseThrow().key()).isEqualTo(LeafKey.ECDSAP384);
    assertThat(keys.isDue(ORDERS, IDENTITY_SECRET, other.version())).isFalse();
  }

  @Test
  void everyKeyIsAnother() {
    var one = keys.next(ORDERS, IDENTITY_SECRET, "").orElseThrow();
    var other = keys.next(ORDERS, IDENTITY_SECRET, "").orElseThrow();

    assertThat(one.secret()).isNotEqualTo(other.secret());
    assertThat(one.version()).isNotEqualTo(other.version());
  }

  static Stream<Peer> strangers() {
    return Stream.of(
        new Peer("shop", "orders-1", "uid-of-an-earlier-one", "orders"),
        new Peer("shop", "orders-1", "uid-1", "payments"),
        new Peer("bank", "orders-1", "uid-1", "orders"),
        new Peer("shop", "orders-2", "uid-1", "orders"),
        new Peer("shop", "mounted", "uid-2", "orders"),
        new Peer("shop", "finished", "uid-3", "orders"),
        new Peer("shop", "bare", "uid-4", "orders"));
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void whoeverIsNotExactlyThatPodGetsNothing(Peer peer) {
    put(pod("mounted", "uid-2", "orders", KeyDelivery.KUBELET));
    put(finished(pod("finished", "uid-3", "orders", KeyDelivery.STREAM)));
    put(bare(pod("bare", "uid-4", "orders", KeyDelivery.STREAM)));

    for (var name : List.of(IDENTITY_SECRET, TRUST_SECRET, "xds-token", "", "*")) {
      assertThat(keys.isDue(peer, name, "")).isFalse();
      assertThat(keys.next(peer, name, "")).isEmpty();
    }
  }

  @Test
  void nobodyIsGivenTheOperatorsOwnIdentity() {
    var pod = pod("impostor", "uid-9", "portcullis", KeyDelivery.STREAM);
    pods.put(
        "portcullis-system/impostor",
        new ObservedPod(
            "portcullis-system",
            pod.name(),
            pod.uid(),
            Map.of(),
            "portcullis",
            pod.ip(),
            pod.phase(),
            pod.created(),
            pod.sidecar(),
            pod.credentials(),
            pod.readiness(),
            pod.ports()));

    var peer = new Peer("portcullis-system", "impostor", "uid-9", "portcullis");

    assertThat(keys.next(peer, IDENTITY_SECRET, "")).isEmpty();
  }

  @Test
  void itIsRenewedAtHalfItsLife() {
    // Given
    var held = keys.next(ORDERS, IDENTITY_SECRET, "").orElseThrow().version();

    // When
    clock.pass(Duration.ofHours(10));
    assertThat(keys.isDue(ORDERS, IDENTITY_SECRET, held)).isFalse();
    clock.pass(Duration.ofHours(4));

    // Then
    assertThat(keys.isDue(ORDERS, IDENTITY_SECRET, held)).isTrue();
    assertThat(keys.next(ORDERS, IDENTITY_SECRET, held)).isPresent();
  }

  @Test
  void aNewIssuerIsFollowedAtOnceAndWithoutOneNothingIsMade() {
    // Given
    var held = keys.next(ORDERS, IDENTITY_SECRET, "").orElseThrow().version();
    var roots = keys.next(ORDERS, TRUST_SECRET, "").orElseThrow().version();

    // When, Then
    authority = Optional.empty();
    assertThat(keys.isDue(ORDERS, IDENTITY_SECRET, held)).isFalse();
    assertThat(keys.next(ORDERS, IDENTITY_SECRET, "")).isEmpty();
    assertThat(keys.next(ORDERS, TRUST_SECRET, "")).isEmpty();
    authority = Optional.of(newAuthority());
    assertThat(keys.next(ORDERS, IDENTITY_SECRET, held)).isPresent();
    assertThat(keys.next(ORDERS, TRUST_SECRET, roots)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "1-2-3-4-5",
        "9-8-7-00000000000000000000000000000000-00000000000000000000000000000000",
        "999999999999-999999999999-999999999999-x-y",
        "-1--2--3-00000000000000000000000000000000-00000000000000000000000000000000"
      })
  void aVersionThatNobodyWroteIsNone(String version) {
    assertThat(keys.next(ORDERS, IDENTITY_SECRET, version)).isPresent();
  }

  @Test
  void aClaimOfALongerLifeIsNotBelieved() {
    // Given
    var held = LeafVersion.parse(keys.next(ORDERS, IDENTITY_SECRET, "").get().version()).get();
    var forever =
        new LeafVersion(
            held.from(),
            held.end().plus(Duration.ofDays(3650)),
            held.end().plus(Duration.ofDays(3651)),
            held.issuer(),
            held.leaf(),
            held.key());

    // Then
    assertThat(keys.isDue(ORDERS, IDENTITY_SECRET, forever.text())).isTrue();
  }

  @Test
  void aLoopIsCapped() {
    var made =
        IntStream.range(0, 100)
            .filter(i -> keys.next(ORDERS, IDENTITY_SECRET, "").isPresent())
            .count();

    assertThat(made).isEqualTo(IssueLimits.DEFAULT.perPodAndMinute());
    assertThat(registry.get("portcullis.keys.postponed").tag("reason", "quota").counter().count())
        .isEqualTo(100 - made);
    clock.pass(Duration.ofMinutes(1));
    assertThat(keys.next(ORDERS, IDENTITY_SECRET, "")).isPresent();
  }

  @Test
  void renewalsOfAllPodsArePacedAndNewPodsDoNotWaitForThem() {
    // Given
    var peers = IntStream.range(0, 200).mapToObj(i -> "p-" + i).map(this::started).toList();
    var held = new HashMap<Peer, String>();
    peers.forEach(
        peer -> held.put(peer, keys.next(peer, IDENTITY_SECRET, "").orElseThrow().version()));

    // When
    authority = Optional.of(newAuthority());
    var renewed =
        peers.stream()
            .filter(peer -> keys.next(peer, IDENTITY_SECRET, held.get(peer)).isPresent())
            .count();

    // Then
    assertThat(renewed).isEqualTo(50);
    assertThat(keys.next(ORDERS, IDENTITY_SECRET, "")).isPresent();
    clock.pass(Duration.ofSeconds(1));
    assertThat(keys.next(peers.getLast(), IDENTITY_SECRET, held.get(peers.getLast()))).isPresent();
  }

  private Peer started(String name) {
    put(pod(name, "uid-of-" + name, name, KeyDelivery.STREAM));
    return new Peer("shop", name, "uid-of-" + name, name);
  }

  private static HeldLeaf leaf(PeerSecret secret) {
    var tls = secret.secret().getTlsCertificate();
    var files =
        new LeafFiles(
            tls.getCertificateChain().getInlineString(), tls.getPrivateKey().getInlineString());
    return ((HeldLeaf.Reading.Sound) HeldLeaf.read(files)).leaf();
  }

  private CertificateAuthority newAuthority() {
    var crypto = CryptoProvider.plainJdk();
    return new CertificateAuthority(
        new CaMint(DOMAIN, crypto).newAuthority(clock.instant()), DOMAIN, crypto);
  }

  private void put(ObservedPod pod) {
    pods.put(pod.namespace() + "/" + pod.name(), pod);
  }

  private static ObservedPod pod(String name, String uid, String account, KeyDelivery delivery) {
    var sidecar =
        new Sidecar(
            new BackendKey("shop", "orders"),
            Capture.REDIRECT,
            delivery,
            Sidecar.State.STARTED,
            new Sidecar.Template("", ""),
            Duration.ofSeconds(5));
    return new ObservedPod(
        "shop",
        name,
        uid,
        Map.of(),
        account,
        Optional.of("10.0.0.1"),
        Phase.RUNNING,
        Instant.EPOCH,
        Optional.of(sidecar),
        Credentials.OURS,
        Readiness.READY,
        Set.of());
  }

  private static ObservedPod finished(ObservedPod pod) {
    return new ObservedPod(
        pod.namespace(),
        pod.name(),
        pod.uid(),
        pod.labels(),
        pod.serviceAccount(),
        pod.ip(),
        Phase.FINISHED,
        pod.created(),
        pod.sidecar(),
        pod.credentials(),
        pod.readiness(),
        pod.ports());
  }

  private static ObservedPod bare(ObservedPod pod) {
    return new ObservedPod(
        pod.namespace(),
        pod.name(),
        pod.uid(),
        pod.labels(),
        pod.serviceAccount(),
        pod.ip(),
        pod.phase(),
        pod.created(),
        Optional.empty(),
        pod.credentials(),
        pod.readiness(),
        pod.ports());
  }

  /** A cluster of nothing but these pods. */
  private final class Pods implements Cluster, Views<ObservedPod> {

    @Override
    public Views<ObservedPolicy> policies() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Views<ObservedPod> pods() {
      return this;
    }

    @Override
    public boolean injects(String namespace) {
      return true;
    }

    @Override
    public List<String> injecting() {
      return List.of("shop");
    }

    @Override
    public Optional<ObservedPod> get(String namespace, String name) {
      return Optional.ofNullable(pods.get(namespace + "/" + name));
    }

    @Override
    public List<ObservedPod> in(String namespace) {
      return all();
    }

    @Override
    public List<ObservedPod> all() {
      return List.copyOf(pods.values());
    }

    @Override
    public void onChange(Change<ObservedPod> listener) {
      throw new UnsupportedOperationException();
    }
  }
}
