package dev.portcullis.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubeapitest.junit.EnableKubeAPIServer;
import io.fabric8.kubeapitest.junit.KubeConfig;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sends every file of {@code validation/} to a real API server: {@code valid-*} are taken, {@code
 * invalid-*} are refused for exactly the reasons in their leading comment, one per line: {@code #
 * <field>: <part of the message>}.
 */
@EnableKubeAPIServer
class ApiBackendPolicyValidationIT {

  private static final Path FILES = Path.of("src/test/resources/validation");
  private static final String NAMESPACE = "default";

  /** Added by the server whenever the schema alone already refuses; says nothing of the input. */
  private static final String RULES_SKIPPED = "some validation rules were not checked";

  @KubeConfig static String kubeConfig;
  private static KubernetesClient client;

  private record Expected(String field, String message) {
    boolean matches(StatusCause cause) {
      return field.equals(cause.getField()) && cause.getMessage().contains(message);
    }
  }

  @BeforeAll
  static void installTheCheckedInCrd() throws IOException {
    client = new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeConfig)).build();
    try (var yaml = Files.newInputStream(CrdTest.CRD)) {
      client.load(yaml).serverSideApply();
    }
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("apibackendpolicies.portcullis.dev")
        .waitUntilCondition(
            crd ->
                crd.getStatus().getConditions().stream()
                    .anyMatch(each -> each.getType().equals("Established")),
            30,
            TimeUnit.SECONDS);
  }

  @AfterAll
  static void close() {
    client.close();
  }

  @ParameterizedTest
  @MethodSource("valid")
  void takes(Path file) throws IOException {
    var read = client.resource(policy(Files.readString(file))).dryRun().create();

    assertThat(read.getMetadata().getUid()).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void refusesWithFieldAndSentence(Path file) throws IOException {
    var text = Files.readString(file);
    var expected = expectations(text);

    var refusal = refusal(policy(text));

    var causes = causes(refusal);
    assertThat(expected).as("a file says at least one reason").isNotEmpty();
    assertThat(causes)
        .as("reasons that %s does not expect", file.getFileName())
        .allMatch(cause -> expected.stream().anyMatch(each -> each.matches(cause)));
    assertThat(expected)
        .as("reasons that the server does not give for %s; it gives %s", file.getFileName(), causes)
        .allMatch(each -> causes.stream().anyMatch(each::matches));
  }

  @Test
  void writesEveryDefaultIntoTheObject() throws IOException {
    var minimal = policy(Files.readString(FILES.resolve("valid-minimal.yaml")));

    var read = client.resource(minimal).dryRun().create();

    var expected = Files.readString(Path.of("src/test/resources/defaults/spec-of-minimal.yaml"));
    assertThat(read.<Object>get("spec")).isEqualTo(Serialization.unmarshal(expected, Map.class));
  }

  @Test
  void takesAPolicyAsLargeAsItsBoundsAllow() {
    var largest = Serialization.unmarshal(LargestPolicy.yaml(), GenericKubernetesResource.class);
    largest.getMetadata().setNamespace(NAMESPACE);

    var read = client.resource(largest).dryRun().create();

    assertThat(read.getMetadata().getUid()).isNotNull();
  }

  @Test
  void everyFileSaysWhetherItIsValid() throws IOException {
    assertThat(files("").filter(file -> !file.getFileName().toString().matches("(in)?valid-.*")))
        .isEmpty();
  }

  @Test
  void refusesUnknownFieldsWhenAskedToBeStrict() throws IOException {
    var text = Files.readString(FILES.resolve("valid-minimal.yaml")) + "  shadow: true\n";

    var refusal =
        catchThrowableOfType(
            KubernetesClientException.class,
            () -> client.resource(policy(text)).fieldValidation(Validation.STRICT).create());

    assertThat(refusal).hasMessageContaining("unknown field \"spec.shadow\"");
  }

  @Test
  void keepsAStatusThatIsReadBackAsItWasWritten() throws IOException {
    var policy =
        Serialization.unmarshal(
            Files.readString(FILES.resolve("valid-minimal.yaml")), ApiBackendPolicy.class);
    policy.getMetadata().setNamespace(NAMESPACE);
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

  static Stream<Path> valid() throws IOException {
    return files("valid-");
  }

  static Stream<Path> invalid() throws IOException {
    return files("invalid-");
  }

  private static Stream<Path> files(String prefix) throws IOException {
    try (var files = Files.list(FILES)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .sorted()
          .toList()
          .stream();
    }
  }

  private static GenericKubernetesResource policy(String yaml) {
    var policy = Serialization.unmarshal(yaml, GenericKubernetesResource.class);
    policy.getMetadata().setNamespace(NAMESPACE);
    return policy;
  }

  private static List<Expected> expectations(String text) {
    return text.lines()
        .takeWhile(line -> line.startsWith("# "))
        .map(line -> line.substring(2).split(": ", 2))
        .map(parts -> new Expected(parts[0], parts[1]))
        .toList();
  }

  private static KubernetesClientException refusal(GenericKubernetesResource policy) {
    var refusal =
        catchThrowableOfType(
            KubernetesClientException.class, () -> client.resource(policy).dryRun().create());
    assertThat(refusal).as("the server took it").isNotNull();
    return Objects.requireNonNull(refusal);
  }

  private static List<StatusCause> causes(KubernetesClientException refusal) {
    return refusal.getStatus().getDetails().getCauses().stream()
        .filter(cause -> !cause.getMessage().contains(RULES_SKIPPED))
        .toList();
  }
}
