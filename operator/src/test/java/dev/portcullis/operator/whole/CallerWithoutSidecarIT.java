package dev.portcullis.operator.whole;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.api.v1alpha1.ApiClientCertificate;
import dev.portcullis.bootstrap.contract.Capture;
import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.names.Annotations;
import dev.portcullis.operator.names.Labels;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An ingress proxy, plain Envoy, that calls through a backend's gate with an issued Secret. */
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
        && crd.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    condition.getType().equals("Established")
                        && condition.getStatus().equals("True"));
  }
}
