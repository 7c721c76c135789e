package dev.portcullis.operator.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.envoytest.HttpConnection;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.TestIssuer;
import dev.portcullis.operator.envoytest.TestPki;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.watch.jwks.PublishingIssuer;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From an issuer's web server to a pod's gate, and what is left of it when the issuer is gone. */
class KeysByUrlIT {

  /** More than three intervals of asking, and what a busy machine takes. */
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private static final int LET_IN = 503;
  private static final String HOST = "localhost";

  private static final String POLICY =
      """
      apiVersion: portcullis.dev/v1alpha1
      kind: ApiBackendPolicy
      metadata: {name: orders, namespace: %s}
      spec:
        selector: {matchLabels: {app: orders}}
        backend: {port: 8080}
        callers: [{name: shop, serviceAccounts: [{name: caller}]}]
        routes: [{name: only, path: {exact: /first}, methods: [GET]}]
        authentication:
          jwt:
            - name: corp
              issuer: https://corp.example
              audiences: [orders]
              jwks:
                url: https://localhost:%d/keys
                caSecretRef: {name: login-ca}
                refreshInterval: 30s
      """;

  @TempDir static Path machine;
  @TempDir Path home;

  private static KubernetesClient admin;
  private static Sandbox canary;

  private Optional<Replica> operator = Optional.empty();

  @BeforeAll
  static void start() {
    Assumptions.assumeTrue(Sandbox.possible(), "SKIPPED: needs root, ip, unshare and nft");
    admin = ApiServer.admin();
    WholeOperatorIT.prepareCluster(admin);
    canary = Sandbox.beside(machine);
    canary.initialise("canary", Map.of());
    Envoy.start(canary);
  }

  @AfterAll
  static void stop() {
    if (canary != null) {
      canary.close();
      admin.close();
    }
  }

  @AfterEach
  void stopOperator() {
    operator.ifPresent(Replica::close);
    operator = Optional.empty();
  }

  private void startOperator(String instance, PublishingIssuer issuer) throws InterruptedException {
    var settings =
        Map.of(
            "portcullis.jwks.allowed-hosts",
            HOST + ":" + issuer.port(),
            "portcullis.jwks.allowed-networks",
            "127.0.0.0/8,::1/128");
    operator = Optional.of(Replica.start(instance, settings));
  }

  @Test
  void keysComeFromTheIssuerAndTheLastGoodOnesOutliveItAndTheOperator() throws Exception {
    // Given
    var pki = TestPki.create();
    var first = TestIssuer.create("corp", "one");
    var second = TestIssuer.create("corp", "two");
    var namespace =
        ApiServer.namespace(admin, "shop", Map.of(Labels.INJECT, Labels.INJECT_ENABLED))
            .getMetadata()
            .getName();
    var kubelet = new Kubelet(admin, namespace);
    var policies = new Policies(admin, namespace);
    var issuer = PublishingIssuer.start(pki, HOST);
    startOperator("replica-1", issuer);
    try (issuer) {
      var policy =
          admin
              .getKubernetesSerialization()
              .unmarshal(POLICY.formatted(namespace, issuer.port()), ApiBackendPolicy.class);
      admin.resource(policy).create();
      await()
          .atMost(PATIENCE)
          .until(() -> policies.says("ResolvedRefs"), "False/CaMissing"::equals);
      assertThat(policies.message("ResolvedRefs"))
          .contains("spec.authentication.jwt[0].jwks: ", namespace + "/login-ca is not there.");

      try (var pod =
              Gated.start(
                  kubelet,
                  kubelet.create("orders-1", Map.of("app", "orders"), "orders"),
                  home.resolve("orders-1"));
          var kept = connected(kubelet, pod)) {
        // Then until there are keys nobody is let in
        await().atMost(PATIENCE).until(() -> policies.says("Enforced"), "True/Enforced"::equals);
        assertThat(policies.says("Ready")).isEqualTo("False/CaMissing");
        assertThat(status(kept, first)).isEqualTo(401);

        // When, Then
        issuer.publishes(first);
        keep(namespace, pki);
        await().atMost(PATIENCE).until(() -> status(kept, first) == LET_IN);
        assertThat(status(kept, second)).isEqualTo(401);
        await().atMost(PATIENCE).until(() -> policies.says("Ready"), "True/Enforced"::equals);
        assertThat(policies.says("ResolvedRefs")).isEqualTo("True/ResolvedRefs");

        // When it takes another key, the connection stays
        issuer.publishes(second);
        await().atMost(PATIENCE).until(() -> status(kept, second) == LET_IN);
        assertThat(status(kept, first)).isEqualTo(401);

        // When it answers with something else
        issuer.answersWith("<html>Sign in</html>");
        await().atMost(PATIENCE).until(() -> policies.says("Stale"), "True/KeysInvalid"::equals);
        assertThat(policies.message("Stale")).contains("Its answer is no JSON.");
        assertThat(policies.says("Ready")).isEqualTo("True/Enforced");
        assertThat(status(kept, second)).isEqualTo(LET_IN);
        assertThat(status(kept, first)).isEqualTo(401);
        await().atMost(PATIENCE).until(() -> gauge("portcullis.jwks.sets.stale") == 1);

        // When issuer and operator are gone, and the operator alone comes back
        issuer.close();
        stopOperator();
        startOperator("replica-2", issuer);
        await().atMost(PATIENCE).until(pod.envoy()::isConnected);
        await().atMost(PATIENCE).until(() -> operator.orElseThrow().leads());
        await().atMost(PATIENCE).until(() -> policies.says("Stale"), "True/NotReachable"::equals);
        assertThat(status(kept, second)).isEqualTo(LET_IN);
        assertThat(status(kept, first)).isEqualTo(401);

        // When the issuer is back, with the first key again
        try (var back = PublishingIssuer.startAgain(pki, HOST, issuer.port())) {
          back.publishes(first, second);
          await().atMost(PATIENCE).until(() -> status(kept, first) == LET_IN);
          await().atMost(PATIENCE).until(() -> policies.says("Stale"), "nothing"::equals);
          await().atMost(PATIENCE).until(() -> policies.hasEvent("NoLongerStale"));
        }
      }
    }
  }

  private double gauge(String name) {
    return operator.orElseThrow().registry().get(name).gauge().value();
  }

  /** To be kept all the time: none of this cuts it. */
  private static HttpConnection connected(Kubelet kubelet, Gated pod) throws IOException {
    await().atMost(PATIENCE).until(pod.envoy()::isConnected);
    var caller = kubelet.create("caller", Map.of("app", "caller"), "none");
    var identity = Caller.with(kubelet.credentialBundle(caller));
    await().atMost(PATIENCE).until(() -> identity.get(pod.address(), "/first") != 0);
    var socket = identity.connect(pod.address());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return new HttpConnection(socket);
  }

  private static int status(HttpConnection connection, TestIssuer issuer) throws IOException {
    return connection
        .send(HttpText.get("/first").header("authorization: Bearer " + issuer.token(Map.of())))
        .status();
  }

  private static void keep(String namespace, TestPki pki) {
    admin
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("login-ca")
                .endMetadata()
                .addToStringData("ca.crt", pki.trustBundle())
                .build())
        .create();
  }
}
