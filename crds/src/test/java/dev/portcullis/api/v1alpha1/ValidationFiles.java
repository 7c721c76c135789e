package dev.portcullis.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A directory of objects for a real API server: {@code valid-*} are taken, {@code invalid-*} are
 * refused for exactly the reasons in their leading comment, one per line: {@code # <field>: <part
 * of the message>}.
 */
record ValidationFiles(Path directory) {

  static final String NAMESPACE = "default";

  /** Added by the server whenever the schema alone already refuses; says nothing of the input. */
  private static final String RULES_SKIPPED = "some validation rules were not checked";

  private record Expected(String field, String message) {
    boolean matches(StatusCause cause) {
      return field.equals(cause.getField()) && cause.getMessage().contains(message);
    }
  }

  /** Returns when the server serves the checked-in CRD, and the client can find it. */
  static void install(GeneratedCrd.Kind kind, KubernetesClient client) throws IOException {
    try (var yaml = Files.newInputStream(kind.file())) {
      client.load(yaml).serverSideApply();
    }
    var patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!isDiscovered(kind, client)) {
      assertThat(System.nanoTime()).as("%s is not discovered", kind).isLessThan(patience);
    }
  }

  private static boolean isDiscovered(GeneratedCrd.Kind kind, KubernetesClient client) {
    var served = client.getApiResources("portcullis.dev/v1alpha1");
    return served != null
        && served.getResources().stream()
            .anyMatch(resource -> kind.crd().startsWith(resource.getName() + "."));
  }

  Stream<Path> startingWith(String prefix) {
    try (var files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  GenericKubernetesResource read(String name) throws IOException {
    return object(Files.readString(directory.resolve(name)));
  }

  static GenericKubernetesResource object(String yaml) {
    var object = Serialization.unmarshal(yaml, GenericKubernetesResource.class);
    object.getMetadata().setNamespace(NAMESPACE);
    return object;
  }

  void assertEachSaysWhetherItIsValid() {
    assertThat(
            startingWith("")
                .filter(file -> !file.getFileName().toString().matches("(in)?valid-.*")))
        .isEmpty();
  }

  /** What the server says of the smallest object with one more line in its spec. */
  KubernetesClientException strictRefusalOf(String line, KubernetesClient client)
      throws IOException {
    var text = Files.readString(directory.resolve("valid-minimal.yaml")) + "  " + line + "\n";
    return catchThrowableOfType(
        KubernetesClientException.class,
        () -> client.resource(object(text)).fieldValidation(Validation.STRICT).create());
  }

  static void assertRefused(Path file, KubernetesClient client) throws IOException {
    var text = Files.readString(file);
    var expected = expectations(text);

    var causes = causes(refusal(object(text), client));

    assertThat(expected).as("a file says at least one reason").isNotEmpty();
    assertThat(causes)
        .as("reasons that %s does not expect", file.getFileName())
        .allMatch(cause -> expected.stream().anyMatch(each -> each.matches(cause)));
    assertThat(expected)
        .as("reasons that the server does not give for %s; it gives %s", file.getFileName(), causes)
        .allMatch(each -> causes.stream().anyMatch(each::matches));
  }

  private static List<Expected> expectations(String text) {
    return text.lines()
        .takeWhile(line -> line.startsWith("# "))
        .map(line -> line.substring(2).split(": ", 2))
        .map(parts -> new Expected(parts[0], parts[1]))
        .toList();
  }

  private static KubernetesClientException refusal(
      GenericKubernetesResource object, KubernetesClient client) {
    var refusal =
        catchThrowableOfType(
            KubernetesClientException.class, () -> client.resource(object).dryRun().create());
    assertThat(refusal).as("the server took it").isNotNull();
    return Objects.requireNonNull(refusal);
  }

  private static List<StatusCause> causes(KubernetesClientException refusal) {
    return refusal.getStatus().getDetails().getCauses().stream()
        .filter(cause -> !cause.getMessage().contains(RULES_SKIPPED))
        .toList();
  }
}
