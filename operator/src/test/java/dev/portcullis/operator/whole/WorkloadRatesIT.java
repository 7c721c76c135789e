package dev.portcullis.operator.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rate of all pods together, while pods come and go: a real Envoy in each. */
class WorkloadRatesIT {

  private static final int ALLOWED = 12;
  private static final String POLICY =
      """
      selector: {matchLabels: {app: orders}}
      backend: {port: 8080}
      callers: [{name: shop, serviceAccounts: [{name: caller}]}]
      routes: [{name: only, path: {exact: /first}, methods: [GET]}]
      rateLimits: [{name: together, requests: 1, interval: 1h, burst: %d, scope: Workload}]
      """;

  @TempDir private Path home;
  private final List<Gated> more = new ArrayList<>();
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
    more.forEach(Gated::close);
    if (scene != null) {
      scene.close();
    }
  }

  @Test
  void theShareOfAPodFollowsTheNumberOfThoseThatAreReady() throws InterruptedException {
    // Given a pod that is alone
    scene.kubelet.ready(scene.backend.pod());
    scene.policies.applySpec(POLICY.formatted(ALLOWED - 1));
    awaitHours(1, scene.backend);
    assertThat(passed(scene.backend)).isEqualTo(ALLOWED);

    // When two more come, of which one is not ready
    var second = started("orders-2");
    var third = started("orders-3");
    scene.kubelet.ready(second.pod());

    // Then two divide it
    awaitHours(2, scene.backend, second, third);
    assertThat(passed(scene.backend)).isEqualTo(ALLOWED / 2);
    assertThat(passed(second)).isEqualTo(ALLOWED / 2);

    // When it is ready
    scene.kubelet.ready(third.pod());

    // Then three
    awaitHours(3, scene.backend, second, third);
    assertThat(passed(scene.backend) + passed(second) + passed(third)).isEqualTo(ALLOWED);

    // When one goes, and the operator is made anew
    scene.kubelet.delete(third.pod());
    awaitHours(2, scene.backend, second);
    scene.restart();

    // Then what it counted stays
    assertThat(passed(second)).isEqualTo(ALLOWED / 2);
    scene.awaitEnforced();
    assertThat(passed(second)).isZero();
  }

  private Gated started(String name) {
    var pod = scene.kubelet.create(name, Map.of("app", "orders"), "orders");
    var gated = Gated.start(scene.kubelet, pod, home.resolve(name), scene.xdsPort());
    more.add(gated);
    return gated;
  }

  /** In which a pod lets one more request through. */
  private static void awaitHours(int hours, Gated... pods) {
    for (var pod : pods) {
      await()
          .atMost(Scene.PATIENCE)
          .until(
              () ->
                  pod.envoy()
                      .admin("/config_dump?resource=dynamic_route_configs")
                      .contains("\"fill_interval\": \"%ds\"".formatted(hours * 3600)));
    }
  }

  /** Of more requests than all pods may let through. Without an application they are a 503. */
  private int passed(Gated pod) {
    var passed = 0;
    for (var sent = 0; sent < 2 * ALLOWED; sent++) {
      var status = caller.get(pod.address(), "/first");
      assertThat(status).isIn(200, 503, 429);
      passed += status == 429 ? 0 : 1;
    }
    return passed;
  }
}
