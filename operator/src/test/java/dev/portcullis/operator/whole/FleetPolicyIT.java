package dev.portcullis.operator.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A policy that counts in a store, in an installation without one, and in one that has lost it. */
class FleetPolicyIT {

  private static final String POLICY =
      """
      selector: {matchLabels: {app: orders}}
      backend: {port: 8080}
      callers: [{name: shop, serviceAccounts: [{name: caller}]}]
      routes: [{name: only, path: {exact: /first}, methods: [GET]}]
      rateLimits: [{name: all, requests: 5, interval: 1h, scope: Fleet, onOutage: %s}]
      """;

  /** A port on which nobody answers. */
  private static final Map<String, String> LOST =
      Map.of(
          "portcullis.rate-limit.address",
          "127.0.0.1:1",
          "portcullis.rate-limit.secret",
          "a secret of 32 characters or more");

  @TempDir private Path home;
  private Scene scene;
  private Caller caller;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    Assumptions.assumeTrue(Sandbox.possible(), "SKIPPED: needs root, ip, unshare and nft");
    scene = Scene.start(home);
    var pod = scene.kubelet.create("caller", Map.of("app", "caller"), "none");
    caller = Caller.with(scene.kubelet.credentialBundle(pod));
  }

  @AfterEach
  void stop() {
    if (scene != null) {
      scene.close();
    }
  }

  @Test
  void isRefusedWithoutAStoreAndClosedWithoutItsAnswer() throws InterruptedException {
    // When the installation has none
    scene.policies.applySpec(POLICY.formatted("Refuse"));

    // Then the policy is not accepted, and what it said before stays
    await()
        .atMost(Scene.PATIENCE)
        .until(() -> scene.policies.says("Accepted").startsWith("False/"));
    assertThat(scene.policies.message("Accepted")).contains("rateLimit.fleet.enabled");
    assertThat(status()).isEqualTo(200);

    // When it has one that does not answer
    scene.restartWith(LOST);

    // Then the policy is in force, and refuses what cannot be counted
    scene.awaitEnforced();
    assertThat(status()).isEqualTo(503);

    // When the policy says otherwise
    scene.policies.applySpec(POLICY.formatted("Allow"));

    // Then it passes
    scene.awaitEnforced();
    assertThat(status()).isEqualTo(200);
  }

  private int status() {
    return caller.get(scene.backend.address(), "/first");
  }
}
