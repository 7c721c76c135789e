package dev.portcullis.operator.watch.certificates;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.identity.CaMaterial;
import dev.portcullis.operator.identity.CaMint;
import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.certificates.v1.PodCertificateRequest;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The authority is made once, and never again over one that is damaged or gone. */
class CaSecretIT {

  private static final CaMint MINT = new CaMint(OperatorCluster.DOMAIN, CryptoProvider.fastest());

  private OperatorCluster cluster;
  private Kubelet kubelet;

  @BeforeEach
  void install() {
    cluster = new OperatorCluster();
    var name = ApiServer.namespace(cluster.admin, "shop").getMetadata().getName();
    kubelet = new Kubelet(cluster.admin, name);
  }

  @AfterEach
  void uninstall() {
    cluster.close();
  }

  @Test
  void theLeaderMakesTheAuthorityOnceAndPublishesItsRoot() {
    // When several replicas start on an empty cluster, and two believe that they lead
    var replicas = Stream.of(cluster.leader(), cluster.leader(), cluster.replica()).toList();

    // Then all of them are ready, with one root, which is published
    replicas.forEach(CaSecretIT::awaitReady);
    await().until(() -> cluster.bundle().get() != null);
    assertThat(replicas)
        .allSatisfy(
            replica -> assertThat(replica.service().trustBundle()).contains(cluster.trusted()))
        .allSatisfy(replica -> await().until(() -> replica.service().canServe()));
    assertThat(cluster.bundle().get().getSpec().getSignerName()).isEqualTo(Names.SIGNER);
  }

  @Test
  void aFollowerAloneMakesNothing() {
    var follower = cluster.replica();

    await().until(() -> follower.state() instanceof CaState.Absent);
    assertThat(cluster.secret().get()).isNull();
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        fault("Missing", "deleted", data -> null),
        fault("Damaged", "emptied", data -> Map.of()),
        fault("Damaged", "every file empty", data -> each(data, content -> "")),
        fault("Damaged", "every file garbage", data -> each(data, content -> base64("garbage"))),
        fault("Damaged", "root.crt gone", data -> without(data, CaMaterial.ROOT_CERTIFICATE)),
        fault("Damaged", "root.key gone", data -> without(data, CaMaterial.ROOT_KEY)),
        fault("Damaged", "issuing.key gone", data -> without(data, CaMaterial.ISSUING_KEY)),
        fault("Damaged", "issuing.crt cut short", CaSecretIT::withCutCertificate),
        fault("Damaged", "root.key of another", data -> with(data, CaMaterial.ROOT_KEY)),
        fault("Damaged", "issuing.key of another", data -> with(data, CaMaterial.ISSUING_KEY)),
        fault(
            "Damaged",
            "issuing.crt of another",
            data -> with(data, CaMaterial.ISSUING_CERTIFICATE)),
        fault("Foreign", "a whole foreign authority", data -> foreign()));
  }

  private static Arguments fault(
      String state, String what, UnaryOperator<Map<String, String>> change) {
    return Arguments.of(state, what, change);
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource("faults")
  void noFaultOfTheSecretBringsANewRootAndItsReturnResumes(
      String state, String what, UnaryOperator<Map<String, String>> change) {
    // Given an authority at work, with a leader and a follower
    var leader = cluster.leader();
    awaitReady(leader);
    var follower = cluster.replica();
    awaitReady(follower);
    await().until(() -> cluster.bundle().get() != null);
    var good = cluster.secret().get().getData();
    var trusted = cluster.trusted();

    // When its Secret suffers
    put(change.apply(good));
    await().until(() -> leader.state().name().equals(state));
    await().until(() -> follower.state().name().equals(state));

    // Then nothing is signed, on no replica, while the operator itself goes on serving
    var request = kubelet.ask(kubelet.start("orders"));
    await().until(() -> leader.count("portcullis.certificates.postponed") >= 3);
    await().until(() -> follower.count("portcullis.certificates.postponed") >= 3);
    assertThat(kubelet.answerTo(request)).isEqualTo("Pending");
    assertThat(leader.service().canServe()).isTrue();

    // and no new root is made, nor by an operator that starts now, and the bundle stays
    cluster.stopReplicas();
    var restarted = cluster.leader();
    await().until(() -> restarted.state().name().equals(state));
    await().until(() -> hasWarned(state));
    assertThat(cluster.secret().get() == null ? null : cluster.secret().get().getData())
        .isEqualTo(change.apply(good));
    assertThat(cluster.trusted()).isEqualTo(trusted);

    // When the Secret is restored, then what was pending is issued by the same root
    put(good);
    await().until(() -> kubelet.answerTo(request).equals("Issued"));
    assertThat(issuerIsTrusted(request, trusted)).isTrue();
    assertThat(cluster.trusted()).isEqualTo(trusted);
  }

  @Test
  void anIssuingCaThatIsNearItsEndIsReplacedUnderTheSameRoot() {
    // Given an authority that was made 70 days ago
    var old = MINT.newAuthority(Instant.now().minus(Duration.ofDays(70)));
    cluster.replaceSecret(encoded(old.files()));

    // When an operator leads
    var leader = cluster.leader();

    // Then the issuing CA is a new one, the root is not
    await()
        .until(
            () ->
                !fileOf(CaMaterial.ISSUING_CERTIFICATE)
                    .equals(encoded(old.files()).get(CaMaterial.ISSUING_CERTIFICATE)));
    assertThat(fileOf(CaMaterial.ROOT_CERTIFICATE))
        .isEqualTo(encoded(old.files()).get(CaMaterial.ROOT_CERTIFICATE));
    await().until(() -> daysLeft(leader, "issuing") > 80);
    assertThat(daysLeft(leader, "root")).isBetween(3_500L, 3_650L);
  }

  @Test
  void aRootThatNearsItsEndIsToldAtTheSecretTheConfigMapAndTheMetrics() {
    // Given an authority whose root has less than two of its ten years left
    var old = MINT.newAuthority(Instant.now().minus(Duration.ofDays(3_000)));
    var end = old.root().certificate().getNotAfter().toInstant();
    cluster.replaceSecret(encoded(old.files()));

    // When an operator leads
    var leader = cluster.leader();

    // Then
    awaitReady(leader);
    await().until(() -> hasToldOf("CertificateExpiring", "The root ends " + end));
    await().until(() -> lineOfConfigMap("expiring").startsWith("The root ends " + end));
    var left = leader.registry().get("portcullis.certificate.life.left").tag("name", "root");
    assertThat(left.gauge().value()).isBetween(0.1, 0.2);
    assertThat(daysLeft(leader, "webhook")).isEqualTo(daysLeft(leader, "xds"));
  }

  private boolean hasToldOf(String reason, String note) {
    return cluster
        .admin
        .events()
        .v1()
        .events()
        .inNamespace(OperatorCluster.NAMESPACE)
        .list()
        .getItems()
        .stream()
        .filter(event -> event.getReason().equals(reason))
        .anyMatch(event -> event.getNote().startsWith(note));
  }

  private String lineOfConfigMap(String name) {
    var map =
        cluster
            .admin
            .configMaps()
            .inNamespace(OperatorCluster.NAMESPACE)
            .withName(Names.CA_STATUS)
            .get();
    return map == null || map.getData() == null ? "" : map.getData().getOrDefault(name, "");
  }

  @Test
  void aRootThatWasBroughtGetsItsIssuingCa() {
    // Given a Secret with a root alone, before the operator is installed
    var brought = encoded(MINT.newAuthority(Instant.now()).files());
    var rootOnly =
        without(without(brought, CaMaterial.ISSUING_KEY), CaMaterial.ISSUING_CERTIFICATE);
    cluster.replaceSecret(rootOnly);

    // When
    var leader = cluster.leader();

    // Then
    awaitReady(leader);
    assertThat(cluster.secret().get().getData()).containsAllEntriesOf(rootOnly);
    await().until(() -> cluster.bundle().get() != null);
  }

  @Test
  void aForeignWriterOfTheBundleIsPutRight() {
    // Given
    awaitReady(cluster.leader());
    await().until(() -> cluster.bundle().get() != null);
    var trusted = cluster.trusted();

    // When somebody adds another root
    var both = trusted.pem() + new TrustBundle(foreignRoots()).pem();
    cluster
        .bundle()
        .edit(
            bundle -> {
              bundle.getSpec().setTrustBundle(both);
              return bundle;
            });

    // Then it is taken out, and nothing is written any more
    await().atMost(Duration.ofSeconds(40)).until(() -> cluster.trusted().equals(trusted));
  }

  @Test
  void aDeletedBundleIsPublishedAgainEvenWithoutTheSecret() {
    var leader = cluster.leader();
    awaitReady(leader);
    await().until(() -> cluster.bundle().get() != null);
    var trusted = cluster.trusted();

    cluster.secret().delete();
    await().until(() -> leader.state() instanceof CaState.Missing);
    cluster.bundle().delete();

    await().atMost(Duration.ofSeconds(40)).until(() -> cluster.bundle().get() != null);
    assertThat(cluster.trusted()).isEqualTo(trusted);
    assertThat(cluster.secret().get()).isNull();
  }

  private void put(Map<String, String> data) {
    if (data == null) {
      cluster.secret().delete();
    } else {
      cluster.replaceSecret(data);
    }
  }

  private boolean hasWarned(String state) {
    return cluster
        .admin
        .events()
        .v1()
        .events()
        .inNamespace(OperatorCluster.NAMESPACE)
        .list()
        .getItems()
        .stream()
        .filter(event -> event.getType().equals("Warning"))
        .anyMatch(event -> event.getReason().equals("CertificateAuthority" + state));
  }

  private boolean issuerIsTrusted(PodCertificateRequest request, TrustBundle trusted) {
    var chain = TrustBundle.ofPem(kubelet.statusOf(request).getCertificateChain()).roots();
    try {
      chain.get(1).verify(trusted.roots().getFirst().getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static void awaitReady(OperatorCluster.Replica replica) {
    await().until(() -> replica.state() instanceof CaState.Ready);
  }

  private static long daysLeft(OperatorCluster.Replica replica, String name) {
    var end =
        replica
            .registry()
            .get("portcullis.certificate.expiry.timestamp")
            .tag("name", name)
            .gauge()
            .value();
    return Duration.between(Instant.now(), Instant.ofEpochSecond((long) end)).toDays();
  }

  private String fileOf(String name) {
    return cluster.secret().get().getData().get(name);
  }

  private static Map<String, String> foreign() {
    return encoded(FOREIGN.files());
  }

  private static final CaMaterial FOREIGN = MINT.newAuthority(Instant.now());

  private static List<X509Certificate> foreignRoots() {
    return TrustBundle.ofPem(FOREIGN.files().get(CaMaterial.ROOT_CERTIFICATE)).roots();
  }

  private static Map<String, String> with(Map<String, String> data, String foreignFile) {
    var changed = new HashMap<>(data);
    changed.put(foreignFile, foreign().get(foreignFile));
    return changed;
  }

  private static Map<String, String> without(Map<String, String> data, String file) {
    var changed = new HashMap<>(data);
    changed.remove(file);
    return changed;
  }

  private static Map<String, String> withCutCertificate(Map<String, String> data) {
    var changed = new HashMap<>(data);
    changed.merge(
        CaMaterial.ISSUING_CERTIFICATE,
        "",
        (content, nothing) -> content.substring(0, content.length() / 8 * 4));
    return changed;
  }

  private static Map<String, String> each(Map<String, String> data, UnaryOperator<String> change) {
    var changed = new HashMap<>(data);
    changed.replaceAll((file, content) -> change.apply(content));
    return changed;
  }

  private static Map<String, String> encoded(Map<String, String> files) {
    var data = new HashMap<String, String>();
    files.forEach((name, pem) -> data.put(name, base64(pem)));
    return data;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(US_ASCII));
  }
}
