package dev.portcullis.operator.whole;

import static dev.portcullis.operator.whole.Scene.PATIENCE;
import static dev.portcullis.operator.whole.Scene.awaitMore;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.identity.CaMint;
import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.TrustDomain;
import dev.portcullis.operator.names.Names;
import dev.portcullis.operator.watch.time.Timepiece;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The CA's objects are deleted, emptied, garbled and replaced while callers call. */
class CaFaultsIT {

  @TempDir Path home;

  private final AtomicReference<SimpleMeterRegistry> metrics = new AtomicReference<>();
  private final ExecutorService kubelets = Executors.newVirtualThreadPerTaskExecutor();
  private Scene scene;

  private enum Fault {
    DELETED("Missing", "is gone"),
    EMPTIED("Damaged", "is damaged"),
    GARBAGE("Damaged", "is damaged"),
    FOREIGN("Foreign", "holds another root");

    private final String state;
    private final String sentence;

    Fault(String state, String sentence) {
      this.state = state;
      this.sentence = sentence;
    }

    /** The Secret's content after it; empty if there is no Secret any more. */
    Optional<Map<String, String>> of(Map<String, String> good) {
      return switch (this) {
        case DELETED -> Optional.empty();
        case EMPTIED -> Optional.of(Map.of());
        case GARBAGE -> Optional.of(garbled(good));
        case FOREIGN -> Optional.of(foreign());
      };
    }

    private static Map<String, String> garbled(Map<String, String> good) {
      var bad = new HashMap<>(good);
      bad.replaceAll((file, content) -> encoded("garbage"));
      return bad;
    }

    private static Map<String, String> foreign() {
      var files = new HashMap<String, String>();
      new CaMint(new TrustDomain("cluster.local"), CryptoProvider.fastest())
          .newAuthority(Timepiece.system().instant())
          .files()
          .forEach((name, pem) -> files.put(name, encoded(pem)));
      return files;
    }

    private static String encoded(String text) {
      return Base64.getEncoder().encodeToString(text.getBytes(US_ASCII));
    }
  }

  @BeforeEach
  void start() throws IOException, InterruptedException {
    Assumptions.assumeTrue(Sandbox.possible(), "SKIPPED: needs root, ip, unshare and nft");
    scene =
        Scene.start(
            home,
            (instance, settings) -> {
              var replica = Replica.start(instance, settings);
              metrics.set(replica.registry());
              return replica::close;
            });
  }

  @AfterEach
  void stop() {
    kubelets.shutdownNow();
    if (scene != null) {
      scene.close();
    }
  }

  @Test
  void noFaultOfTheSecretLosesARequestOrMakesARoot() throws Exception {
    var pod = scene.kubelet.create("caller", Map.of("app", "caller"), "none");
    var credential = scene.kubelet.credentialBundle(pod);
    var caller = scene.caller(credential);
    var stays = scene.caller(credential);
    await().until(() -> caller.get("/first") == 200);
    var good = scene.secret().get().getData();
    var trusted = scene.kubelet.trustBundle();
    scene.awaitLine("phase", "Steady");

    try (var fresh = new SteadyLoad(() -> caller.get("/first"));
        var kept = new SteadyLoad(() -> stays.getAgain("/first"))) {
      for (var fault : Fault.values()) {
        // When the Secret suffers
        awaitMore(fresh, kept);
        var bad = fault.of(good);
        put(bad);

        // Then ConfigMap, metric and event say why
        scene.awaitLine("message", fault.sentence);
        assertThat(scene.line("phase")).isEqualTo("OutOfOrder");
        await().atMost(PATIENCE).until(() -> state(fault.state) == 1);
        assertThat(state("Ready")).isZero();
        await()
            .atMost(PATIENCE)
            .until(() -> !scene.events("CertificateAuthority" + fault.state).isEmpty());

        // and a pod that starts waits, while those that run are served on old and new connections
        var name = "late-" + fault.name().toLowerCase(Locale.ROOT);
        var late = scene.kubelet.create(name, Map.of("app", "caller"), "none");
        var bundle =
            CompletableFuture.supplyAsync(() -> scene.kubelet.credentialBundle(late), kubelets);
        await().atMost(PATIENCE).until(() -> gauge("portcullis.certificates.pending") == 1);
        awaitMore(fresh, kept);
        assertThat(bundle).isNotDone();
        assertThat(scene.policies.says("Enforced")).isEqualTo("True/Enforced");

        // and no other root was made, nor published
        assertThat(data()).isEqualTo(bad);
        assertThat(scene.kubelet.trustBundle()).isEqualTo(trusted);

        // When it is restored, then the pod gets its certificate, of the same root
        put(Optional.of(good));
        assertThat(scene.caller(bundle.get(60, TimeUnit.SECONDS)).get("/first")).isPositive();
        scene.awaitLine("phase", "Steady");
        await().atMost(PATIENCE).until(() -> state("Ready") == 1);
        assertThat(scene.kubelet.trustBundle()).isEqualTo(trusted);
      }
      System.out.printf(
          "MEASURED %d faults of the CA's Secret: %d requests on new connections, %d on one that"
              + " stayed%n",
          Fault.values().length, fresh.answered(), kept.answered());
      assertThat(fresh.failures()).isEmpty();
      assertThat(kept.failures()).isEmpty();
    }
  }

  @Test
  void theConfigMapHoldsNothingThatCanBeLost() {
    // Given
    scene.awaitLine("phase", "Steady");
    var data = scene.desk().get().getData();
    var secret = data();

    // When it is deleted, emptied, garbled
    scene.desk().delete();
    scene.awaitLine("phase", "Steady");
    edit(Map.of());
    scene.awaitLine("phase", "Steady");
    edit(Map.of("phase", "Retiring", "current", "generation 99", "nonsense", "x"));
    scene.awaitLine("phase", "Steady");

    // Then it says what it said, and nothing was done to the CA
    await().atMost(PATIENCE).until(() -> scene.desk().get().getData().equals(data));
    assertThat(data()).isEqualTo(secret);
  }

  private void edit(Map<String, String> data) {
    scene
        .desk()
        .edit(
            map -> {
              map.setData(data);
              return map;
            });
  }

  /** As a restore does it: the object is another one. */
  private void put(Optional<Map<String, String>> data) {
    scene.secret().delete();
    data.ifPresent(
        files ->
            scene
                .admin
                .resource(
                    new SecretBuilder()
                        .withNewMetadata()
                        .withName(Names.CA_SECRET)
                        .withNamespace(Replica.NAMESPACE)
                        .endMetadata()
                        .withData(files)
                        .build())
                .create());
  }

  private Optional<Map<String, String>> data() {
    return Optional.ofNullable(scene.secret().get())
        .map(secret -> Optional.ofNullable(secret.getData()).orElse(Map.of()));
  }

  private double state(String name) {
    return metrics.get().get("portcullis.ca.state").tag("state", name).gauge().value();
  }

  private double gauge(String name) {
    return metrics.get().get(name).gauge().value();
  }
}
