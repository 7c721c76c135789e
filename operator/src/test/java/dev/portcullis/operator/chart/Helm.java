package dev.portcullis.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The helm program, on the chart of this repository. */
final class Helm {

  static final Path CHART = Path.of("../helm/portcullis");
  static final String NAMESPACE = "portcullis-system";

  /** What a run of helm said. */
  record Answer(int exit, String out, String err) {}

  private Helm() {}

  /** The manifests for a release in the namespace; fails when helm refuses. */
  static String template(String namespace, String... more) {
    var command =
        Stream.concat(
            Stream.of("template", "portcullis", CHART.toString(), "--namespace", namespace),
            Stream.concat(Stream.of("--kube-version", "1.37.0"), Stream.of(more)));
    var answer = run(command.toArray(String[]::new));
    assertThat(answer.exit()).as("helm template: %s", answer.err()).isZero();
    return answer.out();
  }

  static Answer run(String... arguments) {
    var command = new ArrayList<>(List.of(binary().toString()));
    command.addAll(List.of(arguments));
    try {
      var err = Files.createTempFile("helm", ".err");
      var process = new ProcessBuilder(command).redirectError(err.toFile()).start();
      process.getOutputStream().close();
      var out = new String(process.getInputStream().readAllBytes());
      var answer = new Answer(process.waitFor(), out, Files.readString(err));
      Files.delete(err);
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Path binary() {
    return Optional.ofNullable(System.getenv("PORTCULLIS_HELM"))
        .map(Path::of)
        .or(Helm::newestOfTheCache)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no helm: run e2e-tests/testbed/testbed cluster, or set PORTCULLIS_HELM"));
  }

  private static Optional<Path> newestOfTheCache() {
    var versions = Path.of(System.getProperty("user.home"), ".cache", "portcullis", "helm");
    if (!Files.isDirectory(versions)) {
      return Optional.empty();
    }
    try (var found = Files.list(versions)) {
      return found
          .map(version -> version.resolve("helm"))
          .filter(Files::isExecutable)
          .max(Path::compareTo);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
