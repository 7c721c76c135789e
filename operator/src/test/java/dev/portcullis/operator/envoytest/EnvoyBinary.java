package dev.portcullis.operator.envoytest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the real Envoy is on this machine. */
public final class EnvoyBinary {

  /** The release that the sidecar ships. */
  public static final String VERSION = "1.40.0";

  private static final String VARIABLE = "PORTCULLIS_ENVOY";

  /** Fails with what to do when there is none: a test that did not run proves nothing. */
  public static Path path() {
    var path =
        Optional.ofNullable(System.getenv(VARIABLE)).map(Path::of).orElseGet(EnvoyBinary::cached);
    assertThat(Files.isExecutable(path))
        .as(
            "no Envoy %s at %s: set %s to one, or let the test bed of e2e-tests fetch it",
            VERSION, path, VARIABLE)
        .isTrue();
    return path;
  }

  private static Path cached() {
    return Path.of(
        System.getProperty("user.home"), ".cache", "portcullis", "envoy", VERSION, "envoy");
  }

  private EnvoyBinary() {}
}
