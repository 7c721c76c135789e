package dev.portcullis.bootstrap.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The real Envoy. */
final class EnvoyProgram {

  private EnvoyProgram() {}

  /** {@code PORTCULLIS_ENVOY}, or the test bed's. */
  static Path path() {
    var path =
        Optional.ofNullable(System.getenv("PORTCULLIS_ENVOY"))
            .map(Path::of)
            .orElse(
                Path.of(System.getProperty("user.home"), ".cache/portcullis/envoy/1.40.0/envoy"));
    if (!Files.isExecutable(path)) {
      throw new IllegalStateException(
          "These tests need Envoy: set PORTCULLIS_ENVOY or run the test bed first. Not found: "
              + path);
    }
    return path;
  }
}
