package dev.portcullis.bootstrap.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.bootstrap.contract.SidecarEnv;
import dev.portcullis.bootstrap.render.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrepareTest {

  @TempDir Path pod;
  private Layout layout;
  private Map<String, String> variables;

  @BeforeEach
  void aPodWithEverything() throws IOException {
    layout = PodFiles.in(pod);
    variables = new HashMap<>(PodFiles.ENVIRONMENT);
  }

  @Test
  void writesEverythingThatEnvoyReads() throws Refusal {
    // When
    prepare();

    // Then
    assertThat(layout.envoyBootstrap()).isNotEmptyFile();
    assertThat(layout.identitySds()).isNotEmptyFile();
    assertThat(layout.trustSds()).isNotEmptyFile();
    assertThat(layout.tokenSds()).isNotEmptyFile();
  }

  @Test
  void needsAndWritesNoKeyWhereItComesOverTheStream() throws Refusal, IOException {
    // Given
    variables.put(SidecarEnv.KEY_DELIVERY, "Stream");
    Files.delete(layout.credentialBundle());

    // When
    prepare();

    // Then
    assertThat(layout.envoyBootstrap()).isNotEmptyFile();
    assertThat(layout.trustSds()).isNotEmptyFile();
    assertThat(layout.identitySds()).doesNotExist();
  }

  @Test
  void namesTheConfigMapWithoutWhichTheOperatorIsNotTrusted() throws IOException {
    variables.put(SidecarEnv.KEY_DELIVERY, "Stream");
    Files.delete(layout.trustBundle());

    assertThatThrownBy(this::prepare)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("kubectl get configmap portcullis-trust");
  }

  @Test
  void refusesADeliveryThatItDoesNotKnow() {
    variables.put(SidecarEnv.KEY_DELIVERY, "Secret");

    assertThatThrownBy(this::prepare)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("PORTCULLIS_KEY_DELIVERY is 'Secret' but must be Kubelet or Stream");
  }

  @Test
  void refusesMetricsThatAreNeitherOpenNorClosed() {
    variables.put(SidecarEnv.METRICS, "true");

    assertThatThrownBy(this::prepare)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("PORTCULLIS_METRICS is 'true' but must be Open or Closed");
  }

  @Test
  void writesTheSameAgain() throws Refusal, IOException {
    prepare();
    var first = Files.readAllBytes(layout.envoyBootstrap());

    prepare();

    assertThat(layout.envoyBootstrap()).hasBinaryContent(first);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SidecarEnv.POD_NAME,
        SidecarEnv.POD_NAMESPACE,
        SidecarEnv.POD_UID,
        SidecarEnv.POLICY,
        SidecarEnv.XDS_ADDRESS,
        SidecarEnv.XDS_IDENTITY,
        SidecarEnv.CAPTURE,
        SidecarEnv.LISTENER_PORT,
        SidecarEnv.MEMORY_LIMIT,
        SidecarEnv.CONNECTIONS
      })
  void namesTheVariableThatIsNotSet(String name) {
    variables.remove(name);

    assertThatThrownBy(this::prepare)
        .isInstanceOf(Refusal.class)
        .hasMessage(
            "The environment variable "
                + name
                + " is not set. The injector sets it; recreate the pod so that it is injected"
                + " again.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        SidecarEnv.XDS_ADDRESS + "|operator|host:port",
        SidecarEnv.XDS_ADDRESS + "|operator:99999|a port from 1 to 65535",
        SidecarEnv.XDS_IDENTITY + "|operator|a SPIFFE id",
        SidecarEnv.CAPTURE + "|redirect|Redirect or None",
        SidecarEnv.LISTENER_PORT + "|https|a port from 1 to 65535",
        SidecarEnv.MEMORY_LIMIT + "|-1|a positive number",
        SidecarEnv.CONNECTIONS + "|many|a positive number",
      })
  void saysWhatAVariableMustBe(String name, String value, String expected) {
    variables.put(name, value);

    assertThatThrownBy(this::prepare)
        .isInstanceOf(Refusal.class)
        .hasMessageContainingAll(name, "must be " + expected);
  }

  @Test
  void quotesTheProbeThatItCannotRead() {
    variables.put(SidecarEnv.APP_PROBES, "tcp 80\nudp 53");

    assertThatThrownBy(this::prepare).isInstanceOf(Refusal.class).hasMessageContaining("'udp 53'");
  }

  @Test
  void namesTheFilesThatAreMissing() throws IOException {
    for (var file :
        new Path[] {layout.credentialBundle(), layout.trustBundle(), layout.xdsToken()}) {
      var content = Files.readAllBytes(file);
      Files.delete(file);

      assertThatThrownBy(this::prepare)
          .isInstanceOf(Refusal.class)
          .hasMessageContainingAll(file.toString(), "is missing", "Check the volume");
      Files.write(file, content);
    }
  }

  @Test
  void refusesABundleWithoutItsKey() throws IOException {
    Files.writeString(layout.credentialBundle(), SelfSigned.generate().certificate());

    assertThatThrownBy(this::prepare)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("does not hold the pod's private key");
  }

  @Test
  void refusesAnEmptyTrustBundle() throws IOException {
    Files.writeString(layout.trustBundle(), "");

    assertThatThrownBy(this::prepare)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("does not hold the trust bundle");
  }

  @Test
  void refusesADirectoryThatIsNotThere() throws IOException {
    Files.delete(layout.configDir());

    assertThatThrownBy(this::prepare)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("Check that the volume portcullis-config is mounted");
  }

  @Test
  void refusesARedirectWithoutNft() {
    variables.put(SidecarEnv.CAPTURE, "Redirect");
    variables.put("PATH", pod.toString());

    assertThatThrownBy(this::prepare)
        .isInstanceOf(Refusal.class)
        .hasMessageContainingAll("nft", "capture: None");
    assertThat(layout.envoyBootstrap()).doesNotExist();
  }

  @Test
  void tellsWhatNftSaid() throws IOException {
    var nft =
        Files.writeString(
            pod.resolve("nft"), "#!/bin/sh\necho 'Operation not permitted'\nexit 1\n");
    assertThat(nft.toFile().setExecutable(true)).isTrue();
    variables.put(SidecarEnv.CAPTURE, "Redirect");
    variables.put("PATH", pod.toString());

    assertThatThrownBy(this::prepare)
        .isInstanceOf(Refusal.class)
        .hasMessageContainingAll("Operation not permitted", "NET_ADMIN");
  }

  private void prepare() throws Refusal {
    new Prepare(variables, layout).run();
  }
}
