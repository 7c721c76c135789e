package dev.portcullis.operator.whole;

import static dev.portcullis.operator.whole.Scene.PATIENCE;
import static dev.portcullis.operator.whole.Scene.awaitMore;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.names.Annotations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One root takes over from another under load, is taken back, or is compromised. */
class RootRotationIT {

  @TempDir Path home;

  private Scene scene;

  /** How the operator ends at every step. */
  enum Ending {
    /** In good order: it hands its lease back. */
    CLOSED(Scene::start),

    /** Its process is killed: it closes nothing, and its lease has to expire. */
    KILLED(path -> Scene.start(path, KilledOperator::start));

    private final Begin begin;

    Ending(Begin begin) {
      this.begin = begin;
    }
  }

  private interface Begin {
    Scene at(Path home) throws IOException, InterruptedException;
  }

  @BeforeEach
  void possible() {
    Assumptions.assumeTrue(Sandbox.possible(), "SKIPPED: needs root, ip, unshare and nft");
  }

  @AfterEach
  void stop() {
    if (scene != null) {
      scene.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void noRequestIsLostWhileARootTakesOverFromAnother(Ending ending)
      throws InterruptedException, IOException {
    // Given a caller that trusts what it mounts, on new connections and on one that stays
    scene = ending.begin.at(home);
    var oldRoots = scene.kubelet.trustBundle();
    var pod = scene.kubelet.create("caller", Map.of("app", "caller"), "none");
    var oldCredential = scene.kubelet.credentialBundle(pod);
    var caller = scene.caller(oldCredential);
    var stays = scene.caller(oldCredential);
    await().until(() -> caller.get("/first") == 200);

    try (var fresh = new SteadyLoad(() -> caller.get("/first"));
        var kept = new SteadyLoad(() -> stays.getAgain("/first"))) {
      awaitMore(fresh, kept);

      // When a new root is asked for
      scene.ask(Annotations.ROTATE_ROOT, "once");

      // Then it is published, and the pod that has not taken it holds everything up, by its name
      scene.awaitRoots(2);
      scene.awaitLine("stragglers", "/orders-1: It does not accept the new CA yet");
      assertThat(scene.line("phase")).isEqualTo("Distributing");
      scene.restart();
      scene.awaitLine("stragglers", "/orders-1: It does not accept the new CA yet");
      assertThat(scene.line("current")).startsWith("generation 1,");

      // When the kubelets have brought it everywhere
      caller.swapRoots(scene.kubelet.trustBundle());
      scene.bringRoots();

      // Then the new one signs, and what is not renewed yet is served all the same
      scene.awaitLine("current", "generation 2,");
      scene.restart();
      scene.awaitLine("stragglers", "/orders-1: It serves with a certificate of the replaced CA");
      scene.awaitLine("stragglers", "/caller: It has no gate that could be asked");
      awaitMore(fresh, kept);

      // When the caller is renewed before the backend, and the backend after it
      caller.swapCertificate(scene.kubelet.credentialBundle(pod));
      awaitMore(fresh, kept);
      scene.renew();
      await().atMost(PATIENCE).until(() -> !scene.line("stragglers").contains("/orders-1"));
      scene.restart();
      assertThat(scene.roots()).hasSize(2);
      awaitMore(fresh, kept);

      // and nobody is left who may hold an old one
      scene.admin.resource(pod).withGracePeriod(0).delete();

      // Then the old root is trusted no more
      scene.awaitLine("phase", "Steady");
      scene.awaitRoots(1);
      assertThat(scene.kubelet.trustBundle()).isNotEqualTo(oldRoots);
      caller.swapRoots(scene.kubelet.trustBundle());
      scene.bringRoots();
      scene.restart();
      var stranger = scene.caller(oldCredential);
      await().atMost(PATIENCE).until(() -> stranger.get("/first") == 0);
      awaitMore(fresh, kept);
      scene.awaitEnforced();

      System.out.printf(
          "MEASURED one root rotation, operator %s %d times: %d requests on new connections, %d on"
              + " one that stayed, failed: %s%n",
          ending,
          scene.restarts(),
          fresh.answered(),
          kept.answered(),
          List.of(fresh.failures(), kept.failures()));
      assertThat(fresh.failures()).isEmpty();
      assertThat(kept.failures()).isEmpty();
    }
  }

  @Test
  void noRequestIsLostWhileANewRootIsTakenBack() throws InterruptedException, IOException {
    // Given a rotation that has switched, and a backend that is renewed already
    scene = Scene.start(home);
    var oldRoots = scene.kubelet.trustBundle();
    var pod = scene.kubelet.create("caller", Map.of("app", "caller"), "none");
    var caller = scene.caller(scene.kubelet.credentialBundle(pod));
    await().until(() -> caller.get("/first") == 200);

    try (var fresh = new SteadyLoad(() -> caller.get("/first"))) {
      scene.ask(Annotations.ROTATE_ROOT, "once");
      scene.awaitRoots(2);
      caller.swapRoots(scene.kubelet.trustBundle());
      scene.bringRoots();
      scene.awaitLine("current", "generation 2,");
      scene.renew();
      awaitMore(fresh);

      // When it is taken back
      scene.ask(Annotations.ROLL_BACK, "2");

      // Then the CA before signs again, as soon as the gate has proved that it accepts it
      scene.awaitLine("current", "generation 3,");
      awaitMore(fresh);
      scene.awaitLine("stragglers", "/orders-1: It serves with a certificate of the replaced CA");

      // and when everyone is renewed, the other root is gone
      scene.renew();
      caller.swapCertificate(scene.kubelet.credentialBundle(pod));
      scene.admin.resource(pod).withGracePeriod(0).delete();
      scene.awaitLine("phase", "Steady");
      scene.awaitRoots(1);
      assertThat(scene.kubelet.trustBundle()).isEqualTo(oldRoots);
      caller.swapRoots(oldRoots);
      scene.bringRoots();
      awaitMore(fresh);
      scene.awaitEnforced();
      assertThat(fresh.failures()).isEmpty();
    }
  }

  @Test
  void whatACompromisedCaSignedIsRefusedAtAWordAndNothingElseIsLost()
      throws InterruptedException, IOException {
    // Given a caller, and somebody who holds a certificate of the CA that is stolen
    scene = Scene.start(home);
    var pod = scene.kubelet.create("caller", Map.of("app", "caller"), "none");
    var stolen = scene.kubelet.credentialBundle(pod);
    var caller = scene.caller(stolen);
    await().until(() -> caller.get("/first") == 200);

    try (var fresh = new SteadyLoad(() -> caller.get("/first"))) {
      // When it is distrusted
      scene.ask(Annotations.DISTRUST_CA, "stolen");
      scene.awaitRoots(2);
      caller.swapRoots(scene.kubelet.trustBundle());
      scene.bringRoots();

      // Then another signs, and the keys of the stolen one are nowhere
      scene.awaitLine("current", "generation 2,");
      assertThat(scene.line("replaced")).contains("compromised");
      assertThat(scene.secret().get().getData().keySet())
          .noneMatch(file -> file.startsWith("old-1-") && file.endsWith(".key"));

      // and what it signed is accepted until somebody says the word
      var intruder = scene.caller(stolen);
      assertThat(intruder.get("/first")).isEqualTo(200);
      scene.renew();
      caller.swapCertificate(scene.kubelet.credentialBundle(pod));
      awaitMore(fresh);
      scene.awaitLine("stragglers", "/caller: It has no gate that could be asked");
      assertThat(intruder.getAgain("/first")).isEqualTo(200);
      scene.ask(Annotations.RETIRE_NOW, "1");
      scene.awaitRoots(1);
      caller.swapRoots(scene.kubelet.trustBundle());
      scene.bringRoots();

      // Then it is refused, cut off the connection that it has open, and nobody else
      await().atMost(PATIENCE).until(() -> intruder.get("/first") == 0);
      await().atMost(PATIENCE).until(() -> intruder.getAgain("/first") == 0);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(scene.policies.status().revocation().authorities()).isEqualTo(1));
      awaitMore(fresh);
      scene.awaitEnforced();
      assertThat(fresh.failures()).isEmpty();
    }
  }
}
