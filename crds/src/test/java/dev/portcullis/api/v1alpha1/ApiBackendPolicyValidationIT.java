package dev.portcullis.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubeapitest.junit.EnableKubeAPIServer;
import io.fabric8.kubeapitest.junit.KubeConfig;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sends every file of {@code validation/} to a real API server. */
@EnableKubeAPIServer
class ApiBackendPolicyValidationIT {

  private static final ValidationFiles FILES =
      new ValidationFiles(Path.of("src/test/resources/validation"));

  /** The rules of the largest policy take an API server some seconds of a processor. */
  private static final int PATIENCE_MILLIS = 60_000;

  @KubeConfig static String kubeConfig;
  private static KubernetesClient client;

  @BeforeAll
  static void installTheCheckedInCrd() throws IOException {
    var config = Config.fromKubeconfig(kubeConfig);
    config.setRequestTimeout(PATIENCE_MILLIS);
    client = new KubernetesClientBuilder().withConfig(config).build();
    ValidationFiles.install(GeneratedCrd.Kind.POLICY, client);
  }

  @AfterAll
  static void close() {
    client.close();
  }

  @ParameterizedTest
  @MethodSource("valid")
  void takes(Path file) throws IOException {
    var read = client.resource(ValidationFiles.object(Files.readString(file))).dryRun().create();

    assertThat(read.getMetadata().getUid()).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void refusesWithFieldAndSentence(Path file) throws IOException {
    ValidationFiles.assertRefused(file, client);
  }

  @Test
  void writesEveryDefaultIntoTheObject() throws IOException {
    var minimal = FILES.read("valid-minimal.yaml");

    var read = client.resource(minimal).dryRun().create();

    var expected = Files.readString(Path.of("src/test/resources/defaults/spec-of-minimal.yaml"));
    assertThat(read.<Object>get("spec")).isEqualTo(Serialization.unmarshal(expected, Map.class));
  }

  @Test
  void takesAPolicyAsLargeAsItsBoundsAllow() {
    var largest = Serialization.unmarshal(LargestPolicy.yaml(), GenericKubernetesResource.class);
    largest.getMetadata().setNamespace(ValidationFiles.NAMESPACE);

    var read = client.resource(largest).dryRun().create();

    assertThat(read.getMetadata().getUid()).isNotNull();
  }

  @Test
  void refusesFips140WhilePodsMayHoldAnEd25519Key() throws IOException {
    var policy = FILES.read("valid-tls-ed25519.yaml");
    policy.getMetadata().setName("key-before-profile");
    client.resource(policy).create();
    var fips = FILES.read("valid-fips140.yaml");
    fips.getMetadata().setName("key-before-profile");

    assertThatThrownBy(() -> client.resource(fips).update())
        .hasMessageContaining("spec.listener.tls.profile: Invalid value")
        .hasMessageContaining("Change keyType first, replace the pods, then set FIPS140");

    var otherKey = FILES.read("valid-tls-1-2-with-cipher-suites-of-rsa.yaml");
    otherKey.getMetadata().setName("key-before-profile");
    client.resource(otherKey).update();
    client.resource(fips).update();
    assertThat(client.resource(fips).get()).isNotNull();
  }

  @Test
  void refusesHttp3WhilePodsMayHoldAnEd25519Key() throws IOException {
    var policy = FILES.read("valid-tls-ed25519.yaml");
    policy.getMetadata().setName("key-before-http3");
    client.resource(policy).create();
    var http3 = FILES.read("valid-http3.yaml");
    http3.getMetadata().setName("key-before-http3");

    assertThatThrownBy(() -> client.resource(http3).update())
        .hasMessageContaining("spec.listener.http3: Invalid value")
        .hasMessageContaining("Change tls.keyType first, replace the pods, then set http3");

    var otherKey = FILES.read("valid-tls-1-2-with-cipher-suites-of-rsa.yaml");
    otherKey.getMetadata().setName("key-before-http3");
    client.resource(otherKey).update();
    client.resource(http3).update();
    assertThat(client.resource(http3).get()).isNotNull();
  }

  @Test
  void everyFileSaysWhetherItIsValid() {
    FILES.assertEachSaysWhetherItIsValid();
  }

  @Test
  void refusesUnknownFieldsWhenAskedToBeStrict() throws IOException {
    var refusal = FILES.strictRefusalOf("shadow: true", client);

    assertThat(refusal).hasMessageContaining("unknown field \"spec.shadow\"");
  }

  @Test
  void keepsAStatusThatIsReadBackAsItWasWritten() throws IOException {
    var policy =
        Serialization.unmarshal(
            Files.readString(FILES.directory().resolve("valid-minimal.yaml")),
            ApiBackendPolicy.class);
    policy.getMetadata().setNamespace(ValidationFiles.NAMESPACE);
    policy.getMetadata().setName("with-status");
    var created = client.resource(policy).create();
    var status =
        Serialization.unmarshal(
            Files.readString(Path.of("src/test/resources/defaults/status.yaml")),
            ApiBackendPolicyStatus.class);

    created.setStatus(status);
    client.resource(created).updateStatus();

    assertThat(client.resource(policy).get().getStatus()).isEqualTo(status);
  }

  static Stream<Path> valid() {
    return FILES.startingWith("valid-");
  }

  static Stream<Path> invalid() {
    return FILES.startingWith("invalid-");
  }
}
