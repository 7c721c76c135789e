package dev.portcullis.operator.whole;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.api.v1alpha1.ApiClientCertificate;
import dev.portcullis.bootstrap.contract.Capture;
import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.envoytest.HttpConnection;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.MtlsClient;
import dev.portcullis.operator.envoytest.TestPki;
import dev.portcullis.operator.envoytest.TestPki.Credential;
import dev.portcullis.operator.envoytest.TestPki.LeafShape;
import dev.portcullis.operator.names.Annotations;
import dev.portcullis.operator.names.Labels;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Callers that no sidecar speaks for: an ingress proxy, plain Envoy, with an issued Secret, and a
 * partner with a CA of its own.
 */
class CallerWithoutSidecarIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String POLICY =
      """
      apiVersion: portcullis.dev/v1alpha1
      kind: ApiBackendPolicy
      metadata: {name: orders, namespace: %s}
      spec:
        selector: {matchLabels: {app: orders}}
        backend: {port: 8080}
        callers: [{name: ingress, serviceAccounts: [{name: caller}]}]
        routes: [{name: only, path: {exact: /first}, methods: [GET]}]
        hardening: {capture: None}
      """;

  private static final String WITH_PARTNER =
      """
      apiVersion: portcullis.dev/v1alpha1
      kind: ApiBackendPolicy
      metadata: {name: orders, namespace: %s}
      spec:
        selector: {matchLabels: {app: orders}}
        backend: {port: 8080}
        callers:
          - {name: ingress, serviceAccounts: [{name: caller}]}
          - name: partner
            trust:
              caSecretRef: {name: partner}
              crlSecretRef: {name: partner}
              subjectAltNames: [{type: DNS, value: client.partner.example}]
              serverNames: [partner.orders.example]
        routes: [{name: only, path: {exact: /first}, methods: [GET]}]
        hardening: {capture: None}
      """;

  private static final String WITH_KEYS =
      WITH_PARTNER.concat(
          "  authentication: {apiKeys: {secretRefs: [{name: clients}], forwardClient: x-client}}");

  @TempDir static Path machine;
  @TempDir Path home;

  private static KubernetesClient admin;
  private static Sandbox canary;
  private static Replica operator;

  private Kubelet kubelet;
  private Gated pod;

  @BeforeAll
  static void start() throws InterruptedException {
    Assumptions.assumeTrue(Sandbox.possibleWithoutCapture(), "SKIPPED: needs root, ip and unshare");
    admin = ApiServer.admin();
    prepareCluster();
    canary = Sandbox.beside(machine);
    canary.initialise("canary", Map.of());
    operator = Replica.start("replica-1", Map.of());
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
  void aBackendBehindItsGate() throws IOException {
    var namespace =
        ApiServer.namespace(admin, "shop", Map.of(Labels.INJECT, Labels.INJECT_ENABLED))
            .getMetadata()
            .getName();
    kubelet = new Kubelet(admin, namespace);
    var policies = new Policies(admin, namespace);
    admin.load(new ByteArrayInputStream(POLICY.formatted(namespace).getBytes(UTF_8))).create();
    var object = withoutCapture(kubelet.create("orders-1", Map.of("app", "orders"), "orders"));
    pod =
        Gated.start(
            kubelet,
            object,
            home.resolve("orders-1"),
            new Gated.Way(Capture.NONE, 18000, KeyDelivery.KUBELET));
    // both lay their mounts by way of one directory
    await().atMost(PATIENCE).until(pod.envoy()::isConnected);
    startApplication();
    await().atMost(PATIENCE).until(() -> policies.says("Enforced").equals("True/Enforced"));
  }

  @AfterEach
  void end() {
    if (pod != null) {
      pod.close();
    }
  }

  @Test
  void theSecretIsAllThatAPlainProxyNeedsAndItsRenewalCostsNoCallAndNoRestart() throws Exception {
    // Given
    var object = issue("caller", "24h");
    var secret = new MountedSecret(home.resolve("mounted"));
    secret.update(secretOf("caller"));

    try (var proxy = proxy("proxy", secret)) {
      // When, Then
      assertThat(proxy.get("/first")).isEqualTo(200);
      assertThat(proxy.certificates()).contains(serialOf(object));
      assertThat(proxy.get("/other")).isEqualTo(404);

      // When it is renewed under calls
      var before = serialOf(object);
      var calls = new AtomicInteger();
      var failed = new AtomicInteger();
      var done = new AtomicBoolean();
      var caller =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!done.get()) {
                      calls.incrementAndGet();
                      if (proxy.get("/first") != 200) {
                        failed.incrementAndGet();
                      }
                    }
                  });
      issue("caller", "8h");
      await().atMost(PATIENCE).until(() -> !serialOf(object).equals(before));
      secret.update(secretOf("caller"));
      await().atMost(PATIENCE).until(() -> proxy.certificates().contains(serialOf(object)));
      var callsBefore = calls.get();
      await().atMost(PATIENCE).until(() -> calls.get() > callsBefore + 10);
      done.set(true);
      caller.join();

      // Then
      System.out.printf("MEASURED %d calls over a renewal, %d failed%n", calls.get(), failed.get());
      assertThat(failed).hasValue(0);
      assertThat(proxy.certificates()).doesNotContain(before);
    }
  }

  @Test
  void aSecretOfAnotherAccountOpensNothing() throws Exception {
    issue("stranger", "24h");
    var secret = new MountedSecret(home.resolve("mounted"));
    secret.update(secretOf("stranger"));

    try (var proxy = proxy("proxy", secret)) {
      assertThat(proxy.get("/first")).isEqualTo(403);
    }
  }

  /** From the API server to the proxy: nothing but the Secret is edited, and nothing restarts. */
  @Test
  void aPartnersSecretDecidesWhoOfItsCaIsLetIn() throws IOException {
    // Given
    var policies = new Policies(admin, kubelet.namespace());
    var pki = TestPki.create();
    var client = issued(pki);
    admin
        .load(new ByteArrayInputStream(WITH_PARTNER.formatted(kubelet.namespace()).getBytes(UTF_8)))
        .forceConflicts()
        .serverSideApply();

    // Then nobody is let in by what is not there
    await()
        .atMost(PATIENCE)
        .until(() -> policies.says("ResolvedRefs").equals("False/SecretMissing"));
    assertThat(policies.message("ResolvedRefs"))
        .contains("spec.callers[1].trust: ", kubelet.namespace() + "/partner is not there.");
    assertThat(policies.says("Ready")).isEqualTo("False/SecretMissing");
    assertThat(outcome(client)).isEqualTo("refused");

    // When, Then
    keep(pki.issuingAuthority(), pki.listOfIssuing());
    await().atMost(PATIENCE).until(() -> outcome(client).equals("200"));
    await().atMost(PATIENCE).until(() -> policies.says("Ready").equals("True/Enforced"));
    assertThat(policies.says("ResolvedRefs")).isEqualTo("True/ResolvedRefs");
    try (var open = connect(client)) {
      assertThat(open.get("/first").status()).isEqualTo(200);

      keep(pki.issuingAuthority(), pki.listOfIssuing(client.certificate()));
      await().atMost(PATIENCE).until(() -> outcome(client).equals("refused"));
      await().atMost(PATIENCE).until(() -> isCut(open));
    }
    assertThat(outcome(issued(pki))).isEqualTo("200");

    // When, Then
    keep(pki.issuingAuthority(), pki.staleListOfIssuing());
    await().atMost(PATIENCE).until(() -> policies.says("ResolvedRefs").equals("False/CrlExpired"));
    await().atMost(PATIENCE).until(() -> outcome(issued(pki)).equals("refused"));

    keep(pki.issuingAuthority(), pki.listOfIssuing());
    await().atMost(PATIENCE).until(() -> outcome(client).equals("200"));
    admin.secrets().inNamespace(kubelet.namespace()).withName("partner").delete();
    await().atMost(PATIENCE).until(() -> outcome(client).equals("refused"));
  }

  /** The same for keys: an edit counts on open connections and cuts none, and no key is shown. */
  @Test
  void aSecretsKeysDecideWhoIsLetInAndAreShownNowhere() throws IOException {
    // Given
    var policies = new Policies(admin, kubelet.namespace());
    var pki = TestPki.create();
    keep(pki.issuingAuthority(), pki.listOfIssuing());
    admin
        .load(new ByteArrayInputStream(WITH_KEYS.formatted(kubelet.namespace()).getBytes(UTF_8)))
        .forceConflicts()
        .serverSideApply();
    var first = "first-key-0123456789abcdef01234567";
    var second = "second-key-0123456789abcdef0123456";
    var weak = "weakweakweakweakweakweakweakweakweak";

    // Then nobody is let in by what is not there
    await()
        .atMost(PATIENCE)
        .until(() -> policies.says("ResolvedRefs").equals("False/SecretMissing"));
    var client = issued(pki);
    await().atMost(PATIENCE).until(() -> outcome(client).equals("401"));
    try (var open = connect(client)) {
      assertThat(answer(open, first)).isEqualTo(401);

      // When, Then
      keepKeys(first + "\n" + second);
      await().atMost(PATIENCE).until(() -> answer(open, first) == 200);
      assertThat(answer(open, second)).isEqualTo(200);
      await()
          .atMost(PATIENCE)
          .until(() -> policies.says("ResolvedRefs").equals("True/ResolvedRefs"));

      // When, Then
      keepKeys(weak + "\n" + second);
      await().atMost(PATIENCE).until(() -> answer(open, first) == 401);
      assertThat(answer(open, second)).isEqualTo(200);
      assertThat(answer(open, weak)).isEqualTo(401);
      await().atMost(PATIENCE).until(() -> policies.says("ResolvedRefs").equals("False/KeyWeak"));
      assertThat(policies.message("ResolvedRefs"))
          .contains("spec.authentication.apiKeys.secretRefs: ", "/clients, billing, line 1, has");

      // When, Then
      admin.secrets().inNamespace(kubelet.namespace()).withName("clients").delete();
      await().atMost(PATIENCE).until(() -> answer(open, second) == 401);
    }
    assertThat(told()).contains("ResolvedRefs").doesNotContain(first, second, weak);
  }

  /** All that the operator wrote about it, for whoever may read the namespace but no Secrets. */
  private String told() {
    var namespace = kubelet.namespace();
    return Serialization.asYaml(
            admin
                .genericKubernetesResources("portcullis.dev/v1alpha1", "ApiBackendPolicy")
                .inNamespace(namespace)
                .list())
        + Serialization.asYaml(admin.v1().events().inNamespace(namespace).list())
        + Serialization.asYaml(admin.events().v1().events().inNamespace(namespace).list());
  }

  private void keepKeys(String lines) {
    admin
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(kubelet.namespace())
                .withName("clients")
                .endMetadata()
                .addToStringData("billing", lines)
                .build())
        .fieldManager("user")
        .forceConflicts()
        .serverSideApply();
  }

  private static int answer(HttpConnection connection, String key) throws IOException {
    return connection.send(HttpText.get("/first").header("x-api-key: " + key)).status();
  }

  private static Credential issued(TestPki pki) {
    var name = new GeneralName(GeneralName.dNSName, "client.partner.example");
    return pki.issue(LeafShape.named("leaf", List.of(name)));
  }

  private void keep(String authorities, String lists) {
    admin
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(kubelet.namespace())
                .withName("partner")
                .endMetadata()
                .addToStringData("ca.crt", authorities)
                .addToStringData("ca.crl", lists)
                .build())
        .fieldManager("user")
        .forceConflicts()
        .serverSideApply();
  }

  private HttpConnection connect(Credential credential) throws IOException {
    return MtlsClient.to(8443, credential)
        .askingFor("partner.orders.example")
        .connectTo(pod.address());
  }

  private String outcome(Credential credential) {
    try (var connection = connect(credential)) {
      return String.valueOf(connection.get("/first").status());
    } catch (IOException _) {
      return "refused";
    }
  }

  private static boolean isCut(HttpConnection connection) {
    try {
      connection.get("/other");
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  private static Pod withoutCapture(Pod pod) {
    return admin
        .resource(pod)
        .edit(
            live ->
                new PodBuilder(live)
                    .editMetadata()
                    .addToAnnotations(Annotations.CAPTURE, "None")
                    .endMetadata()
                    .build());
  }

  private PlainEnvoy proxy(String name, MountedSecret secret) throws IOException {
    return new PlainEnvoy(
        Files.createDirectory(home.resolve(name)),
        secret,
        pod.address(),
        "spiffe://cluster.local/ns/" + kubelet.namespace() + "/sa/orders-1");
  }

  /** The object's name is that of the account and of the Secret. */
  private ApiClientCertificate issue(String account, String lifetime) {
    admin
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace(kubelet.namespace())
                .withName(account)
                .endMetadata()
                .build())
        .fieldManager("test")
        .serverSideApply();
    var yaml =
        """
        apiVersion: portcullis.dev/v1alpha1
        kind: ApiClientCertificate
        metadata: {namespace: %s, name: %s}
        spec: {serviceAccountName: %s, secretName: %s, lifetime: %s}
        """
            .formatted(kubelet.namespace(), account, account, account, lifetime);
    var object = admin.getKubernetesSerialization().unmarshal(yaml, ApiClientCertificate.class);
    var applied = admin.resource(object).fieldManager("user").forceConflicts().serverSideApply();
    await().atMost(PATIENCE).until(() -> isReady(applied));
    return applied;
  }

  private static boolean isReady(ApiClientCertificate object) {
    var live = admin.resource(object).get();
    return live.getStatus() != null
        && live.getMetadata().getGeneration().equals(live.getStatus().observedGeneration())
        && live.getStatus().conditions().stream()
            .allMatch(condition -> condition.getStatus().equals("True"));
  }

  private static String serialOf(ApiClientCertificate object) {
    return admin.resource(object).get().getStatus().serialNumber();
  }

  private Secret secretOf(String name) {
    return admin.secrets().inNamespace(kubelet.namespace()).withName(name).get();
  }

  /** Answers 200 on loopback inside the pod, to the path that the policy knows. */
  private void startApplication() throws IOException {
    var files = Files.createDirectory(home.resolve("application"));
    Files.writeString(files.resolve("first"), "orders");
    pod.sandbox()
        .start(
            "application",
            Map.of(),
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-m",
                "jdk.httpserver",
                "-p",
                "8080",
                "-d",
                files.toString()));
    await().atMost(PATIENCE).until(() -> pod.sandbox().log("application").contains("Serving"));
  }

  private static void prepareCluster() {
    for (var kind : List.of("apibackendpolicies", "apiclientcertificates")) {
      var file = "/crds/" + kind + ".portcullis.dev-v1.yaml";
      var crd =
          admin
              .apiextensions()
              .v1()
              .customResourceDefinitions()
              .load(CallerWithoutSidecarIT.class.getResourceAsStream(file))
              .item();
      admin.resource(crd).fieldManager("test").forceConflicts().serverSideApply();
      admin
          .resources(CustomResourceDefinition.class)
          .withName(crd.getMetadata().getName())
          .waitUntilCondition(CallerWithoutSidecarIT::isEstablished, 30, TimeUnit.SECONDS);
    }
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

  private static boolean isEstablished(CustomResourceDefinition crd) {
    return crd.getStatus() != null
        && crd.getStatus().getConditions() != null
        && crd.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    condition.getType().equals("Established")
                        && condition.getStatus().equals("True"));
  }
}
