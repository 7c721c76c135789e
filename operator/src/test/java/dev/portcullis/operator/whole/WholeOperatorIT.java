package dev.portcullis.operator.whole;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.envoytest.MtlsClient;
import dev.portcullis.operator.envoytest.TestPki;
import dev.portcullis.operator.names.Annotations;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.certificates.v1.PodCertificateRequest;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees of one policy, from apply to delete. */
class WholeOperatorIT {

  private static final Map<String, String> APP = Map.of("app", "orders");
  private static final Map<String, String> HOOKS = Map.of("portcullis.test-hooks", "true");
  private static final int NO_APP = 503;

  /** What Envoy shows in a key's place: {@code [redacted]}, as bytes. */
  private static final String REDACTED = "W3JlZGFjdGVkXQ==";

  @TempDir static Path machine;
  @TempDir Path home;

  private static KubernetesClient admin;
  private static Sandbox canary;
  private static Replica operator;

  private Kubelet kubelet;
  private Policies policies;
  private Gated pod;

  @BeforeAll
  static void start() throws InterruptedException {
    Assumptions.assumeTrue(Sandbox.possible(), "SKIPPED: needs root, ip, unshare and nft");
    admin = ApiServer.admin();
    prepareCluster(admin);
    canary = Sandbox.beside(machine);
    canary.initialise("canary", Map.of());
    operator = Replica.start("replica-1", HOOKS);
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
  void applyAPolicyWithOnePod() {
    var namespace =
        ApiServer.namespace(admin, "shop", Map.of(Labels.INJECT, Labels.INJECT_ENABLED))
            .getMetadata()
            .getName();
    kubelet = new Kubelet(admin, namespace);
    policies = new Policies(admin, namespace);
    policies.apply("/first");
    pod = Gated.start(kubelet, kubelet.create("orders-1", APP, "orders"), home.resolve("orders-1"));
    awaitSays("Enforced", "True/Enforced");
  }

  @AfterEach
  void end() {
    if (pod != null) {
      pod.close();
    }
  }

  @Test
  void whatIsAppliedIsMeasured() {
    assertThat(policies.says("Accepted")).isEqualTo("True/Accepted");
    assertThat(policies.says("Programmed")).isEqualTo("True/Programmed");
    assertThat(policies.says("Ready")).isEqualTo("True/Enforced");
    assertThat(policies.status().pods().summary()).isEqualTo("1/1");
    assertThat(policies.status().certificates().soonestExpiry()).isNotBlank();
    assertThat(caller().get(pod.address(), "/first")).isEqualTo(NO_APP);
    assertThat(caller().get(pod.address(), "/other")).isIn(403, 404);
    assertThat(networkPolicy()).isNotNull();
  }

  @Test
  void whatTheOperatorMeasuresIsNoDenial() {
    // Given
    var log = new DenialLog(pod);
    assertThat(log.connections()).isEmpty();
    var proofs = pod.envoy().proofsGiven();
    assertThat(proofs).isPositive();

    // When
    touch();

    // Then
    await().atMost(Duration.ofSeconds(30)).until(() -> pod.envoy().proofsGiven() > proofs);
    assertThat(log.lineAfter(this::knock)).contains(pod.sandbox().hostAddress(), "8080");
  }

  @Test
  void whoeverElseTriesTheApplicationsPortIsLogged() {
    // Given
    var log = new DenialLog(pod);
    var colleague = caller();
    var impostor =
        new Caller(MtlsClient.to(8080, TestPki.create().issue(Replica.IDENTITY)).context());

    // Then
    assertThat(log.lineAfter(this::knock)).contains("8080");
    assertThat(log.lineAfter(() -> assertThat(colleague.get(application(), "/first")).isZero()))
        .contains("8080", "SAN_matcher", "/sa/caller");
    assertThat(log.lineAfter(() -> assertThat(impostor.get(application(), "/first")).isZero()))
        .contains("8080", "CERTIFICATE_VERIFY_FAILED");
    assertThat(log.lineAfter(() -> assertThat(plain()).isEmpty())).contains("8080", "HTTP_REQUEST");
  }

  @Test
  void anApplicationBesideTheRedirectIsToldAsOpen() {
    // Given
    pod.sandbox().serveFiles(8080);

    // When
    pod.sandbox().redirectOnly(8443);
    touch();

    // Then
    awaitSays("Enforced", "False/AppPortOpen");
  }

  @Test
  void http3IsMeasuredBehindTheRedirect() {
    // Given
    var caller = caller();

    // When
    policies.applyWithHttp3();

    // Then
    awaitSays("Enforced", "True/Enforced");
    assertThat(networkPolicy().getSpec().getIngress().getFirst().getPorts())
        .extracting(port -> port.getProtocol() + port.getPort().getIntVal())
        .containsExactly("TCP8443", "UDP8443");
    assertThat(caller.get(pod.address(), "/first")).isEqualTo(NO_APP);

    // When
    pod.sandbox().dropUdp(8443);
    touch();

    // Then
    awaitSays("Enforced", "False/NotReachable");
    assertThat(policies.status().shortfalls())
        .anyMatch(each -> each.message().contains("UDP port 8443"));
  }

  @Test
  void anEditIsEnforcedWithItsGeneration() {
    // Given
    var caller = caller();
    var versionBefore = policies.status().version();

    // When
    var edited = System.nanoTime();
    var generation = policies.apply("/second");

    // Then
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> caller.get(pod.address(), "/second") == NO_APP);
    System.out.printf(
        "MEASURED edit -> effect at the proxy: %d ms%n", (System.nanoTime() - edited) / 1_000_000);
    awaitSays("Enforced", "True/Enforced");
    System.out.printf(
        "MEASURED edit -> Enforced in status: %d ms%n", (System.nanoTime() - edited) / 1_000_000);
    assertThat(policies.status().observedGeneration()).isEqualTo(generation);
    assertThat(policies.status().version()).isNotEqualTo(versionBefore);
    assertThat(caller.get(pod.address(), "/first")).isIn(403, 404);
  }

  @Test
  void whoIsTakenOutIsRefusedAndWhatIsOpenIsCut() throws IOException {
    // Given
    var caller = caller();
    try (var open = caller.connect(pod.address())) {
      assertThat(caller.get(pod.address(), "/first")).isEqualTo(NO_APP);

      // When
      var generation = policies.applyCalledBy("another");

      // Then
      await().until(() -> caller.get(pod.address(), "/first") == 403);
      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> policies.status().revocation().state().equals("Done") && isCut(generation));
      awaitSays("Enforced", "True/Enforced");
      assertThat(policies.hasEvent("Revoking")).isTrue();
      assertThat(open.getInputStream().read()).isEqualTo(-1);
    }
  }

  private boolean isCut(long generation) {
    return Long.valueOf(generation).equals(policies.status().revocation().generation());
  }

  @Test
  void anEditThatTakesNothingFromAnybodyCutsNothing() throws IOException {
    // Given
    try (var open = caller().connect(pod.address())) {

      // When
      policies.apply("/second");

      // Then
      await().until(() -> caller().get(pod.address(), "/second") == NO_APP);
      awaitSays("Enforced", "True/Enforced");
      assertThat(policies.status().revocation().generation()).isNull();
      assertThat(pod.envoy().stats("listener_manager.listener_in_place_updated")).contains(": 0");
      open.setSoTimeout(500);
      assertThatThrownBy(() -> open.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  /** It is made by the kubelet, beside this process; nothing of ours may ever hold it. */
  @Test
  void theKeyOfALeafIsNowhereButInItsVolume() {
    // Given
    var bundle = pod.sandbox().read("identity", "credentialbundle.pem");
    var key = bundle.substring(bundle.indexOf('\n') + 1, bundle.indexOf("\n-----END PRIVATE"));
    var part = key.lines().skip(1).findFirst().orElseThrow();
    assertThat(part).hasSizeGreaterThan(20);

    // Then
    var secrets = admin.secrets().inAnyNamespace().list().getItems();
    assertThat(secrets).isNotEmpty().noneMatch(secret -> holds(secret, part));
    assertThat(Serialization.asJson(everything())).contains("orders").doesNotContain(part);
    assertThat(pod.envoy().configuration())
        .contains("inbound", "/var/run/portcullis/identity", REDACTED)
        .doesNotContain(part)
        .doesNotContain("PRIVATE KEY")
        .doesNotContainPattern(
            "\"private_key\": \\{\\s*\"inline_(bytes|string)\": \"(?!" + REDACTED + ")");
    assertThat(pod.sandbox().log("envoy")).doesNotContain(part);
    assertThat(pod.sandbox().log("init")).doesNotContain(part);
  }

  private static boolean holds(Secret secret, String text) {
    return Optional.ofNullable(secret.getData()).orElse(Map.of()).values().stream()
        .map(value -> new String(Base64.getDecoder().decode(value), UTF_8))
        .anyMatch(value -> value.replaceAll("\\s", "").contains(text));
  }

  private List<Object> everything() {
    var namespace = kubelet.namespace();
    return List.of(
        admin.configMaps().inAnyNamespace().list(),
        admin.pods().inNamespace(namespace).list(),
        admin.resources(PodCertificateRequest.class).inNamespace(namespace).list(),
        admin.resources(ApiBackendPolicy.class).inNamespace(namespace).list(),
        admin.events().v1().events().inNamespace(namespace).list());
  }

  @Test
  void whatEnvoyWouldRefuseLeavesTheLastGoodServing() {
    // Given
    var neighbours = namespaceWithPolicy();
    var untouched = neighbours.resourceVersion();
    var received = pod.envoy().configurationsReceived();

    // When
    policies.annotate(Annotations.TEST_BREAK, "listener");
    policies.apply("/second");

    // Then
    awaitSays("Programmed", "False/Rejected");
    assertThat(policies.message("Programmed")).contains("malformed IP address");
    assertThat(policies.says("Accepted")).isEqualTo("True/Accepted");
    assertThat(policies.says("Enforced")).startsWith("False/");
    assertThat(caller().get(pod.address(), "/first")).isEqualTo(NO_APP);
    assertThat(pod.envoy().configurationsReceived()).isEqualTo(received);
    assertThat(neighbours.resourceVersion()).isEqualTo(untouched);

    // When
    policies.unannotate(Annotations.TEST_BREAK);

    // Then
    awaitSays("Enforced", "True/Enforced");
    assertThat(caller().get(pod.address(), "/second")).isEqualTo(NO_APP);
  }

  @Test
  void aRefusedRouteIsToldWithEnvoysText() {
    // When
    policies.annotate(Annotations.TEST_BREAK, "route");
    policies.apply("/second");

    // Then
    awaitSays("Programmed", "False/Rejected");
    assertThat(policies.message("Programmed")).contains("missing )");
  }

  @Test
  void aStatusThatIsTrueIsNotWrittenAgain() {
    // Given
    var written = policies.resourceVersion();

    // When
    for (var i = 0; i < 5; i++) {
      touch();
    }

    // Then
    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(10))
        .until(() -> policies.resourceVersion().equals(written));
  }

  @Test
  void aRestartOfTheOperatorPushesNothing() throws InterruptedException {
    // Given
    var caller = caller();
    var received = pod.envoy().configurationsReceived();
    var streams = pod.envoy().streamsOpened();
    var written = policies.resourceVersion();

    // When
    operator.close();
    await().until(() -> !pod.envoy().isConnected());
    assertThat(caller.get(pod.address(), "/first")).isEqualTo(NO_APP);
    operator = Replica.start("replica-1b", HOOKS);

    // Then
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> pod.envoy().isConnected() && pod.envoy().streamsOpened() > streams);
    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(10))
        .until(() -> pod.envoy().configurationsReceived() == received);
    assertThat(policies.resourceVersion()).isEqualTo(written);
    policies.apply("/second");
    awaitSays("Enforced", "True/Enforced");
  }

  @Test
  void aDeletedPolicyLeavesAClosedGate() {
    // Given
    var caller = caller();
    assertThat(caller.get(pod.address(), "/first")).isEqualTo(NO_APP);

    // When
    policies.delete();

    // Then
    await().until(() -> caller.get(pod.address(), "/first") == 0);
  }

  @Test
  void aPodWithoutItsSidecarIsTold() {
    // When
    kubelet.createBare("orders-0", APP);

    // Then
    awaitSays("Enforced", "False/NotInjected");
    assertThat(policies.status().pods().summary()).isEqualTo("1/2");
    assertThat(policies.status().shortfalls())
        .singleElement()
        .satisfies(
            shortfall -> {
              assertThat(shortfall.pod()).isEqualTo("orders-0");
              assertThat(shortfall.reason()).isEqualTo("NotInjected");
              assertThat(shortfall.message()).contains("recreate");
            });
  }

  @Test
  void aNetworkPolicyThatSomeoneRemovesComesBack() {
    // Given
    var uid = networkPolicy().getMetadata().getUid();

    // When
    admin.resource(networkPolicy()).delete();

    // Then
    await()
        .until(
            () -> networkPolicy() != null && !networkPolicy().getMetadata().getUid().equals(uid));
    assertThat(operator.registry().get("portcullis.networkpolicies.put.back").counter().count())
        .isPositive();
  }

  @Test
  void eachChangeIsAnEvent() {
    await()
        .untilAsserted(
            () ->
                assertThat(
                        admin
                            .events()
                            .v1()
                            .events()
                            .inNamespace(kubelet.namespace())
                            .list()
                            .getItems())
                    .anySatisfy(
                        event -> {
                          assertThat(event.getReason()).isEqualTo("Enforced");
                          assertThat(event.getRegarding().getName()).isEqualTo("orders");
                        }));
  }

  private void touch() {
    admin
        .pods()
        .inNamespace(kubelet.namespace())
        .withName("orders-1")
        .edit(
            p -> {
              p.getMetadata().getLabels().put("touched", String.valueOf(System.nanoTime()));
              return p;
            });
  }

  /** What a port scanner does: it connects, and is content. */
  private void knock() {
    try (var scanner = new Socket()) {
      scanner.connect(application(), 3000);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String plain() {
    try (var socket = new Socket()) {
      socket.connect(application(), 3000);
      socket.setSoTimeout(3000);
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    } catch (IOException refused) {
      return "";
    }
  }

  private InetSocketAddress application() {
    return new InetSocketAddress(pod.address(), 8080);
  }

  private Caller caller() {
    var existing = admin.pods().inNamespace(kubelet.namespace()).withName("caller").get();
    var pod =
        existing != null ? existing : kubelet.create("caller", Map.of("app", "caller"), "none");
    return Caller.with(kubelet.credentialBundle(pod));
  }

  private static Policies namespaceWithPolicy() {
    var namespace = ApiServer.namespace(admin, "bank").getMetadata().getName();
    var neighbours = new Policies(admin, namespace);
    neighbours.apply("/first");
    await().until(() -> neighbours.says("Ready").equals("Unknown/NoPods"));
    return neighbours;
  }

  private NetworkPolicy networkPolicy() {
    return admin
        .network()
        .v1()
        .networkPolicies()
        .inNamespace(kubelet.namespace())
        .withName(Names.networkPolicyOf("orders"))
        .get();
  }

  private void awaitSays(String type, String wanted) {
    try {
      await().atMost(Duration.ofSeconds(20)).until(() -> policies.says(type).equals(wanted));
    } catch (ConditionTimeoutException late) {
      throw new AssertionError(
          "%s never said %s.%nStatus: %s%nEnvoy: %s"
              .formatted(
                  type,
                  wanted,
                  policies.status(),
                  pod == null ? "" : pod.sandbox().log("envoy") + pod.envoy().stats("xds")),
          late);
    }
  }

  static void prepareCluster(KubernetesClient admin) {
    var crd =
        admin
            .apiextensions()
            .v1()
            .customResourceDefinitions()
            .load(
                WholeOperatorIT.class.getResourceAsStream(
                    "/crds/apibackendpolicies.portcullis.dev-v1.yaml"))
            .item();
    admin.resource(crd).fieldManager("test").forceConflicts().serverSideApply();
    admin
        .resources(CustomResourceDefinition.class)
        .withName(crd.getMetadata().getName())
        .waitUntilCondition(
            c ->
                c.getStatus() != null
                    && c.getStatus().getConditions() != null
                    && c.getStatus().getConditions().stream()
                        .anyMatch(
                            x -> x.getType().equals("Established") && x.getStatus().equals("True")),
            30,
            TimeUnit.SECONDS);
    admin
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(Replica.NAMESPACE)
                .endMetadata()
                .build())
        .fieldManager("test")
        .serverSideApply();
  }
}
