package dev.portcullis.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portcullis.api.v1alpha1.ApiClientCertificate;
import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.identity.CaMaterial;
import dev.portcullis.operator.identity.CaMint;
import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.ServerIdentity;
import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.identity.TrustDomain;
import dev.portcullis.operator.identity.rotation.Elder;
import dev.portcullis.operator.identity.rotation.Straggler;
import dev.portcullis.operator.identity.rotation.Timing;
import dev.portcullis.operator.names.Annotations;
import dev.portcullis.operator.names.Names;
import dev.portcullis.operator.watch.certificates.CaState;
import dev.portcullis.operator.watch.certificates.CertificateService;
import dev.portcullis.operator.watch.certificates.CertificateSettings;
import dev.portcullis.operator.watch.certificates.IssueLimits;
import dev.portcullis.operator.watch.certificates.Witness;
import dev.portcullis.operator.watch.clients.ClientCertificates;
import dev.portcullis.operator.watch.clients.HandClock;
import dev.portcullis.operator.watch.time.Timepiece;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Secrets of ApiClientCertificates, with the powers that the chart gives the operator for them. */
class ClientSecretsIT {

  private static final Set<String> NEEDED =
      Set.of(
          "CustomResourceDefinition",
          "ServiceAccount",
          "ClusterRole",
          "ClusterRoleBinding",
          "Role",
          "RoleBinding",
          "ValidatingAdmissionPolicy",
          "ValidatingAdmissionPolicyBinding");
  private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration PERIOD = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String[] SECRETS = {
    "first",
    "second",
    "taken",
    "broken",
    "looping",
    "renewed",
    "rotated",
    "fixed",
    "early",
    "reissued"
  };

  private static KubernetesClient admin;
  private static CertificateUser user;
  private static Installation chart;
  private static KubernetesClient operator;
  private static CertificateService certificates;

  private final HandClock clock = new HandClock(Instant.now());
  private final Timepiece time = new Timepiece(clock, clock::nanos);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private static volatile ClientCertificates clients;

  /** Whoever leads in the present test. */
  private static final class Present implements Witness {

    @Override
    public List<Straggler> yetToAccept(Candidate candidate) {
      return clients.yetToAccept(candidate);
    }

    @Override
    public Map<Elder, List<Straggler>> stillHolding(Collection<Elder> elders) {
      return clients.stillHolding(elders);
    }
  }

  @BeforeAll
  static void install() {
    admin = ApiServer.admin();
    forgetRoots();
    user =
        new CertificateUser(admin, ApiServer.namespace(admin, "ingress").getMetadata().getName());
    var granted = String.join(",", SECRETS);
    chart =
        new Installation(
            "--set", "clientCertificates.secrets." + user.namespace() + "={" + granted + "}");
    chart.apply(manifest -> NEEDED.contains(manifest.getKind()));
    operator = ApiServer.as(chart.namespace, "portcullis-operator");
    certificates =
        new CertificateService(
            new CertificateService.Surroundings(
                operator, new SimpleMeterRegistry(), Timepiece.system(), "replica-1"),
            settings(),
            CryptoProvider.fastest());
    certificates.consult(new Present());
    certificates.start();
    certificates.startLeading();
    await().atMost(PATIENCE).until(() -> certificates.state() instanceof CaState.Ready);
    user.account("edge");
  }

  @AfterAll
  static void uninstall() {
    certificates.close();
    operator.close();
    forgetRoots();
    chart.close();
    admin.close();
  }

  /** Another operator on this server would rightly refuse to sign beside them. */
  private static void forgetRoots() {
    admin
        .genericKubernetesResources("certificates.k8s.io/v1", "ClusterTrustBundle")
        .withName(Names.TRUST_BUNDLE)
        .delete();
  }

  @BeforeEach
  void lead() {
    clients = leader();
    clients.begin();
  }

  @AfterEach
  void stop() {
    clients.end();
    admin.resources(ApiClientCertificate.class).inNamespace(user.namespace()).delete();
    // what the garbage collector does in a whole cluster
    Stream.of(SECRETS).forEach(name -> user.secret(name).delete());
  }

  @Test
  void aCallerGetsAnIdentityOfItsOwnNamespaceAndItsStatusTellsWhich() throws Exception {
    // When
    var object = user.apply("first", "first");

    // Then
    user.awaitSays(object, "Ready", "True/Issued");
    var secret = user.secret("first").get();
    var chain = CertificateUser.chain(secret);
    var status = object.get().getStatus();
    assertThat(secret.getType()).isEqualTo("kubernetes.io/tls");
    assertThat(chain.getFirst().getSubjectAlternativeNames())
        .singleElement()
        .isEqualTo(List.of(6, "spiffe://cluster.local/ns/" + user.namespace() + "/sa/edge"));
    assertThat(TrustBundle.ofPem(CertificateUser.file(secret, "ca.crt"))).isEqualTo(trusted());
    chain.get(1).verify(trusted().roots().getFirst().getPublicKey());
    assertThat(status.spiffeId())
        .isEqualTo("spiffe://cluster.local/ns/" + user.namespace() + "/sa/edge");
    assertThat(status.serialNumber()).isEqualTo(chain.getFirst().getSerialNumber().toString(16));
    assertThat(Instant.parse(status.notAfter()))
        .isEqualTo(chain.getFirst().getNotAfter().toInstant());
    assertThat(Instant.parse(status.renewalTime()))
        .isBetween(
            Instant.now().plus(Duration.ofHours(10)), Instant.now().plus(Duration.ofHours(14)));
    assertThat(user.says(object, "UpToDate")).isEqualTo("True/UpToDate");
    assertThat(secret.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(
            owner -> {
              assertThat(owner.getUid()).isEqualTo(object.get().getMetadata().getUid());
              assertThat(owner.getController()).isTrue();
            });
    user.awaitEvent("first", "Issued", "there was none yet");
  }

  @Test
  void aNewLeaderLeavesWhatIsRightAsItIs() {
    // Given
    var object = user.apply("second", "second");
    user.awaitSays(object, "UpToDate", "True/UpToDate");
    var secretBefore = user.secret("second").get();
    var statusBefore = object.get().getStatus();

    // When another replica takes over, and has looked
    clients.end();
    clients = leader();
    clients.begin();
    user.apply("first", "first");
    await().atMost(PATIENCE).until(() -> user.hasSecret("first"));

    // Then the Secret was not written, and the same is said of it
    assertThat(user.secret("second").get()).isEqualTo(secretBefore);
    assertThat(object.get().getStatus()).isEqualTo(statusBefore);
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of(
            "emptied",
            "tls.crt holds no certificate",
            change(data -> Map.of("tls.crt", "", "tls.key", ""))),
        Arguments.of(
            "a key of another",
            "tls.key is not the key of tls.crt",
            change(ClientSecretsIT::withForeignKey)),
        Arguments.of(
            "garbage",
            "tls.crt holds no certificate",
            change(data -> with(data, "tls.crt", CertificateUser.base64("garbage")))));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("faults")
  void aSecretThatSomebodyBrokeIsIssuedAnew(
      String what, String said, UnaryOperator<Map<String, String>> change) {
    // Given
    var object = user.apply("broken", "broken");
    user.awaitSays(object, "UpToDate", "True/UpToDate");
    var serial = object.get().getStatus().serialNumber();

    // When
    user.secret("broken")
        .edit(live -> new SecretBuilder(live).withData(change.apply(live.getData())).build());

    // Then
    user.awaitOtherSerial(object, serial);
    user.awaitEvent("broken", "Issued", said);
    assertThat(
            CertificateUser.chain(user.secret("broken").get())
                .getFirst()
                .getSerialNumber()
                .toString(16))
        .isEqualTo(object.get().getStatus().serialNumber());
  }

  @Test
  void aDeletedSecretIsIssuedAnewAndRootsThatWereChangedArePutRight() {
    // Given
    var object = user.apply("reissued", "reissued");
    user.awaitSays(object, "UpToDate", "True/UpToDate");
    var serial = object.get().getStatus().serialNumber();

    // When, Then
    user.secret("reissued").delete();
    user.awaitOtherSerial(object, serial);
    user.awaitEvent("reissued", "Issued", "the Secret was gone");

    // When, Then: the certificate stays
    var second = object.get().getStatus().serialNumber();
    user.secret("reissued")
        .edit(
            live ->
                new SecretBuilder(live)
                    .addToData("ca.crt", CertificateUser.base64("garbage"))
                    .build());
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                CertificateUser.file(user.secret("reissued").get(), "ca.crt")
                    .equals(trusted().pem()));
    user.awaitEvent("reissued", "RootsFollowed", "the roots of today");
    assertThat(object.get().getStatus().serialNumber()).isEqualTo(second);
  }

  @Test
  void aSecretThatWasThereBeforeIsLeftAlone() {
    // Given
    var foreign =
        admin.resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(user.namespace())
                .withName("taken")
                .endMetadata()
                .withType("kubernetes.io/tls")
                .addToData("tls.crt", "")
                .addToData("tls.key", "")
                .build());
    foreign.delete();
    var before = foreign.create();

    // When
    var object = user.apply("taken", "taken");

    // Then
    user.awaitSays(object, "Ready", "False/SecretNotOwned");
    user.awaitEvent("taken", "SecretNotOwned", "is left alone");
    assertThat(foreign.get()).isEqualTo(before);

    // When its owner takes it away, Then
    foreign.delete();
    user.awaitSays(object, "Ready", "True/Issued");
  }

  @Test
  void whatWasNotGrantedIsToldAndOnceGrantedDone() {
    // Given a namespace that the installation does not name
    var other =
        new CertificateUser(admin, ApiServer.namespace(admin, "other").getMetadata().getName());
    other.account("edge");

    // When
    var object = other.apply("edge", "edge");

    // Then
    other.awaitSays(object, "Ready", "False/Forbidden");
    assertThat(other.message(object)).contains("clientCertificates.secrets");
    assertThat(other.hasSecret("edge")).isFalse();

    // When the namespace's own administrator grants it, Then
    other.grant("edge", chart.namespace);
    other.awaitSays(object, "Ready", "True/Issued");
    assertThat(object.get().getStatus().spiffeId())
        .isEqualTo("spiffe://cluster.local/ns/" + other.namespace() + "/sa/edge");
    object.delete();
  }

  @Test
  void anAccountThatIsNotThereHasNoIdentity() {
    var object = user.applyFor("late", "early");
    user.awaitSays(object, "Ready", "False/ServiceAccountMissing");
    assertThat(user.hasSecret("early")).isFalse();

    user.account("late");
    user.awaitSays(object, "Ready", "True/Issued");
  }

  @Test
  void nobodyGetsTheOperatorsOwnIdentity() {
    var own = new CertificateUser(admin, chart.namespace);
    var object = own.applyFor("portcullis-operator", "own");

    own.awaitSays(object, "Ready", "False/IdentityReserved");
    assertThat(own.hasSecret("own")).isFalse();
    object.delete();
  }

  @Test
  void itIsRenewedAtHalfLifeAndWhenTheWishChanges() {
    // Given
    var object = user.apply("renewed", "renewed");
    user.awaitSays(object, "UpToDate", "True/UpToDate");
    var first = object.get().getStatus().serialNumber();

    // When, Then
    clock.pass(Duration.ofHours(14));
    user.awaitOtherSerial(object, first);
    user.awaitEvent("renewed", "Issued", "half of its life is over");

    // When, Then
    var second = object.get().getStatus().serialNumber();
    user.applyWith("renewed", "8h");
    user.awaitOtherSerial(object, second);
    var leaf = CertificateUser.chain(user.secret("renewed").get()).getFirst();
    assertThat(Duration.between(leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant()))
        .isEqualTo(Duration.ofHours(8));
    assertThat(object.get().getStatus().observedGeneration()).isEqualTo(2);
  }

  @Test
  void aRotationOfTheRootWaitsForEverySecretAndIsFollowed() {
    // Given a Secret that nobody may change
    var object = user.apply("rotated", "rotated");
    user.awaitSays(object, "UpToDate", "True/UpToDate");
    var serial = object.get().getStatus().serialNumber();
    var old = trusted().roots().getFirst();
    user.secret("rotated").edit(live -> new SecretBuilder(live).withImmutable(true).build());

    // When a new root is asked for, Then its rotation waits for the Secret, by name
    rotateRoot();
    var name = "ApiClientCertificate " + user.namespace() + "/rotated";
    await().atMost(PATIENCE).until(() -> desk().get().getData().toString().contains(name));
    user.awaitSays(object, "UpToDate", "False/WriteRefused");
    assertThat(user.says(object, "Ready")).isEqualTo("True/Issued");
    assertThat(object.get().getStatus().serialNumber()).isEqualTo(serial);
    assertThat(trusted().roots()).hasSize(2).contains(old);

    // When it can be written again, Then it follows to the end
    user.secret("rotated").delete();
    clock.pass(Duration.ofMinutes(6));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> !trusted().roots().contains(old) && holdsRootsOfToday("rotated"));
    assertThat(isSignedBelow(trusted().roots().getFirst(), user.secret("rotated").get())).isTrue();
    user.awaitSays(object, "UpToDate", "True/UpToDate");
  }

  private static void rotateRoot() {
    await().atMost(PATIENCE).until(() -> desk().get() != null);
    desk()
        .edit(
            map ->
                new ConfigMapBuilder(map)
                    .editMetadata()
                    .addToAnnotations(Annotations.ROTATE_ROOT, "now")
                    .endMetadata()
                    .build());
  }

  private static Resource<ConfigMap> desk() {
    return admin.configMaps().inNamespace(chart.namespace).withName(Names.CA_STATUS);
  }

  private static boolean holdsRootsOfToday(String secret) {
    var found = user.secret(secret).get();
    return found != null && CertificateUser.file(found, "ca.crt").equals(trusted().pem());
  }

  private static boolean isSignedBelow(X509Certificate root, Secret secret) {
    try {
      CertificateUser.chain(secret).get(1).verify(root.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  @Test
  void aRenewalThatCannotBeWrittenLeavesTheCallerReadyAndIsDoneLater() {
    // Given a Secret that nobody may change
    var object = user.apply("fixed", "fixed");
    user.awaitSays(object, "UpToDate", "True/UpToDate");
    var serial = object.get().getStatus().serialNumber();
    user.secret("fixed").edit(live -> new SecretBuilder(live).withImmutable(true).build());

    // When its renewal comes, again and again
    clock.pass(Duration.ofHours(14));
    user.awaitSays(object, "UpToDate", "False/WriteRefused");
    assertThat(user.says(object, "Ready")).isEqualTo("True/Issued");
    assertThat(object.get().getStatus().serialNumber()).isEqualTo(serial);
    assertThat(gauge("portcullis.client.certificates.withheld")).isEqualTo(1);

    // When less than a third of its life is left, then that is told too
    clock.pass(Duration.ofHours(3));
    user.awaitSays(object, "Expiring", "True/NotRenewed");
    user.awaitEvent("fixed", "NotRenewed", "was not renewed at half of its life");
    var left = registry.get("portcullis.certificate.life.left").tag("name", "client").gauge();
    assertThat(left.value()).isBetween(0.2, 0.3);
    assertThat(
            registry
                .get("portcullis.client.certificate.expiry.timestamp")
                .tag("certificate", "fixed")
                .gauge()
                .value())
        .isEqualTo(Instant.parse(object.get().getStatus().notAfter()).getEpochSecond());

    // Then once it can be written, it is
    user.secret("fixed").delete();
    clock.pass(Duration.ofMinutes(6));
    user.awaitSays(object, "UpToDate", "True/UpToDate");
    assertThat(object.get().getStatus().serialNumber()).isNotEqualTo(serial);
    assertThat(object.get().getStatus().conditions())
        .extracting(Condition::getType)
        .containsExactly("Ready", "UpToDate");
    user.awaitEvent("fixed", "NoLongerExpiring", "This is over");
  }

  @Test
  void aClockThatIsSetAheadRenewsNothingForItsAgeUntilItHasGoneEvenlyForAWhile() {
    // Given
    var object = user.apply("renewed", "renewed");
    var other = user.apply("first", "first");
    user.awaitSays(object, "UpToDate", "True/UpToDate");
    user.awaitSays(other, "UpToDate", "True/UpToDate");
    var serial = object.get().getStatus().serialNumber();

    // When the clock is set past half of its life, and everything is looked at
    clock.jump(Duration.ofHours(14));
    time.look(Optional.empty());
    replaced(other);
    replaced(other);

    // Then it is left alone, until the clock can be relied on
    assertThat(object.get().getStatus().serialNumber()).isEqualTo(serial);
    clock.pass(Timepiece.SETTLING);
    time.look(Optional.empty());
    user.awaitOtherSerial(object, serial);
  }

  /** Every object is looked at between two of these. */
  private void replaced(Resource<ApiClientCertificate> object) {
    var serial = object.get().getStatus().serialNumber();
    user.secret("first").delete();
    user.awaitOtherSerial(object, serial);
  }

  @Test
  void whoeverBreaksASecretForEverDoesNotMakeTheAuthoritySignForEver() {
    var object = user.apply("looping", "looping");
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              user.secret("looping").delete();
              return user.says(object, "UpToDate").equals("False/TooManyIssued");
            });
    assertThat(registry.get("portcullis.client.certificates.issued").counter().count())
        .isEqualTo(10);

    // Then the next hour brings the next certificate
    clock.pass(Duration.ofHours(1));
    user.awaitSays(object, "Ready", "True/Issued");
  }

  @Test
  void theApiServerLetsTheOperatorWriteNothingElseEvenWhereItMay() {
    // Given a Secret of its own that the operator was granted by name
    var foreign = user.plain("taken").build();
    admin.resource(foreign).delete();
    admin.resource(foreign).create();

    // Then, once the API server has taken the policy up
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> dryRun(user.plain("first").build()))
                    .hasMessageContaining("only Secrets of type kubernetes.io/tls"));
    var token =
        user.plain("token")
            .editMetadata()
            .addToAnnotations("kubernetes.io/service-account.name", "edge")
            .endMetadata()
            .withType("kubernetes.io/service-account-token")
            .build();
    assertThatThrownBy(() -> dryRun(token))
        .hasMessageContaining("only Secrets of type kubernetes.io/tls");
    assertThatThrownBy(() -> operator.resource(foreign).update())
        .hasMessageContaining("that an ApiClientCertificate controls");
    assertThatThrownBy(
            () -> operator.secrets().inNamespace(user.namespace()).withName("unnamed").get())
        .hasMessageContaining("forbidden");
    assertThatThrownBy(() -> operator.secrets().inNamespace(user.namespace()).list())
        .hasMessageContaining("forbidden");
  }

  private static void dryRun(Secret secret) {
    operator.resource(secret).dryRun().create();
  }

  private ClientCertificates leader() {
    time.look(Optional.empty());
    return new ClientCertificates(
        new ClientCertificates.Parts(
            operator,
            registry,
            "replica-1",
            certificates,
            settings(),
            CryptoProvider.fastest(),
            time,
            PERIOD,
            () -> true));
  }

  private static CertificateSettings settings() {
    var identity = DOMAIN.serviceAccount(chart.namespace, "portcullis-operator");
    return new CertificateSettings(
        DOMAIN,
        chart.namespace,
        new ServerIdentity(identity, List.of("portcullis-operator." + chart.namespace + ".svc")),
        DAY,
        DAY,
        IssueLimits.DEFAULT,
        new Timing(Duration.ofSeconds(1), Duration.ofMinutes(15)),
        Optional.empty(),
        Optional.empty());
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  private static TrustBundle trusted() {
    return certificates.trustBundle().orElseThrow();
  }

  private static UnaryOperator<Map<String, String>> change(
      UnaryOperator<Map<String, String>> change) {
    return change;
  }

  private static Map<String, String> with(Map<String, String> data, String file, String content) {
    var changed = new HashMap<>(data);
    changed.put(file, content);
    return changed;
  }

  private static Map<String, String> withForeignKey(Map<String, String> data) {
    var foreign = new CaMint(DOMAIN, CryptoProvider.fastest()).newAuthority(Instant.now());
    return with(
        data, "tls.key", CertificateUser.base64(foreign.files().get(CaMaterial.ISSUING_KEY)));
  }
}
