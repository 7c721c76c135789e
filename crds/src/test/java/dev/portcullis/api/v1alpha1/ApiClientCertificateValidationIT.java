package dev.portcullis.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubeapitest.junit.EnableKubeAPIServer;
import io.fabric8.kubeapitest.junit.KubeConfig;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
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

/** Sends every file of {@code client-certificates/} to a real API server. */
@EnableKubeAPIServer
class ApiClientCertificateValidationIT {

  private static final ValidationFiles FILES =
      new ValidationFiles(Path.of("src/test/resources/client-certificates"));

  @KubeConfig static String kubeConfig;
  private static KubernetesClient client;

  @BeforeAll
  static void installTheCheckedInCrd() throws IOException {
    client = new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeConfig)).build();
    ValidationFiles.install(GeneratedCrd.Kind.CLIENT_CERTIFICATE, client);
  }

  @AfterAll
  static void close() {
    client.close();
  }

  @ParameterizedTest
  @MethodSource("valid")
  void takes(Path file) throws IOException {
    var text = Files.readString(file);

    var read = client.resource(ValidationFiles.object(text)).dryRun().create();

    assertThat(read.getMetadata().getUid()).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void refusesWithFieldAndSentence(Path file) throws IOException {
    ValidationFiles.assertRefused(file, client);
  }

  @Test
  void writesEveryDefaultIntoTheObject() throws IOException {
    var read = client.resource(FILES.read("valid-minimal.yaml")).dryRun().create();

    assertThat(read.<Object>get("spec"))
        .isEqualTo(
            Map.of(
                "serviceAccountName", "edge",
                "secretName", "edge-client",
                "keyType", "ECDSAP256"));
  }

  @Test
  void theSecretCannotBeRenamedLaterAndAllElseCanBeChanged() throws IOException {
    // Given
    var renamed = FILES.read("valid-minimal.yaml");
    renamed.getMetadata().setName("renamed");
    var created = client.resource(renamed).create();

    // When, Then
    created.setAdditionalProperty(
        "spec", Map.of("serviceAccountName", "edge", "secretName", "another"));
    var refusal =
        catchThrowableOfType(
            KubernetesClientException.class, () -> client.resource(created).update());
    assertThat(refusal)
        .hasMessageContaining("spec.secretName")
        .hasMessageContaining("delete this object");

    created.setAdditionalProperty(
        "spec",
        Map.of(
            "serviceAccountName", "other",
            "secretName", "edge-client",
            "keyType", "RSA3072",
            "lifetime", "8h"));
    assertThat(client.resource(created).update().getMetadata().getGeneration()).isEqualTo(2);
  }

  @Test
  void refusesUnknownFieldsWhenAskedToBeStrict() throws IOException {
    var refusal = FILES.strictRefusalOf("dnsNames: [edge]", client);

    assertThat(refusal).hasMessageContaining("unknown field \"spec.dnsNames\"");
  }

  @Test
  void keepsAStatusThatIsReadBackAsItWasWritten() throws IOException {
    var certificate =
        Serialization.unmarshal(
            Files.readString(FILES.directory().resolve("valid-everything.yaml")),
            ApiClientCertificate.class);
    certificate.getMetadata().setNamespace(ValidationFiles.NAMESPACE);
    certificate.getMetadata().setName("with-status");
    var created = client.resource(certificate).create();
    var status =
        Serialization.unmarshal(
            Files.readString(Path.of("src/test/resources/defaults/client-certificate-status.yaml")),
            ApiClientCertificateStatus.class);

    created.setStatus(status);
    client.resource(created).updateStatus();

    assertThat(client.resource(certificate).get().getStatus()).isEqualTo(status);
  }

  @Test
  void everyFileSaysWhetherItIsValid() {
    FILES.assertEachSaysWhetherItIsValid();
  }

  static Stream<Path> valid() {
    return FILES.startingWith("valid-");
  }

  static Stream<Path> invalid() {
    return FILES.startingWith("invalid-");
  }
}
