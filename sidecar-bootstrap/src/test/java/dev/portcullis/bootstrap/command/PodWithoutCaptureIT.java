package dev.portcullis.bootstrap.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.bootstrap.contract.Metrics;
import dev.portcullis.bootstrap.contract.SidecarEnv;
import dev.portcullis.bootstrap.contract.SidecarPorts;
import dev.portcullis.bootstrap.render.Layout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pod under {@code capture: None}: Envoy binds its port itself, and no rule is set. */
class PodWithoutCaptureIT {

  private static final int LISTENER = 8443;
  private static final TestPki PKI = TestPki.create();

  @TempDir Path directory;
  private PodNamespace pod;
  private DiscoveryService operator;
  private Layout layout;
  private Process envoy;

  @BeforeEach
  void aPodThatIsPrepared() throws Exception {
    pod = PodNamespace.create();
    operator =
        new DiscoveryService(PodNamespace.HOST_ADDRESS, PKI.issue(DiscoveryService.IDENTITY));
    layout = PodFiles.in(directory);
    var identity = PKI.issue("spiffe://cluster.local/ns/shop/sa/orders");
    Files.writeString(layout.credentialBundle(), identity.keyPem() + identity.certificatePem());
    Files.writeString(layout.trustBundle(), PKI.rootPem());
    var variables = new HashMap<>(PodFiles.ENVIRONMENT);
    variables.put(SidecarEnv.XDS_ADDRESS, PodNamespace.HOST_ADDRESS + ":" + operator.port());
    new Prepare(variables, layout).run();
  }

  @AfterEach
  void removeThePod() throws Exception {
    if (envoy != null) {
      envoy.destroyForcibly().waitFor();
    }
    if (pod != null) {
      operator.close();
      pod.close();
    }
  }

  @Test
  void isStartedOnceItsOwnPortServesItsCertificate() throws Exception {
    // Given
    operator.serve(InboundListener.bound(layout, LISTENER), InboundListener.app(8080));

    // When
    startEnvoy();

    // Then
    awaitStarted(200);
    assertThat(pod.inside("nft", "list", "ruleset")).isEmpty();
    assertThat(Wire.status(PodNamespace.POD_ADDRESS, SidecarPorts.METRICS, Metrics.PATH)).isZero();
  }

  @Test
  void isNotStartedWhileAnotherOperatorAnswers() throws Exception {
    // Given
    operator.close();
    operator =
        new DiscoveryService(
            PodNamespace.HOST_ADDRESS, PKI.issue(DiscoveryService.IDENTITY + "-not"));
    operator.serve(InboundListener.bound(layout, LISTENER), InboundListener.app(8080));
    var variables = new HashMap<>(PodFiles.ENVIRONMENT);
    variables.put(SidecarEnv.XDS_ADDRESS, PodNamespace.HOST_ADDRESS + ":" + operator.port());
    new Prepare(variables, layout).run();

    // When
    startEnvoy();

    // Then
    awaitStarted(503);
    assertThat(operator.authorization()).as("the token stays in the pod").isEmpty();
  }

  private void startEnvoy() throws Exception {
    envoy =
        pod.start(
            directory.resolve("envoy.log"),
            List.of(
                EnvoyProgram.path().toString(),
                "-c",
                layout.envoyBootstrap().toString(),
                "--concurrency",
                "1"));
  }

  /** Envoy opens its static listeners only after it has waited for the operator, twice 15 s. */
  private static void awaitStarted(int status) {
    await()
        .atMost(java.time.Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(Wire.status(PodNamespace.POD_ADDRESS, SidecarPorts.PROBE, "/started"))
                    .isEqualTo(status));
  }
}
