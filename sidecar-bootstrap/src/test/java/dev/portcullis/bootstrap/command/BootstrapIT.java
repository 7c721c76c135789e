package dev.portcullis.bootstrap.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.bootstrap.render.FileSecrets;
import dev.portcullis.bootstrap.render.Layout;
import dev.portcullis.bootstrap.render.SidecarBootstrap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every golden is one that the real Envoy loads. */
class BootstrapIT {

  @TempDir Path pod;

  static Stream<BootstrapCase> cases() {
    return BootstrapCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void envoyLoadsTheSidecarsBootstrap(BootstrapCase golden) throws Exception {
    var layout = PodFiles.in(pod);
    ConfigFiles.write(layout.identitySds(), FileSecrets.identity(layout));
    ConfigFiles.write(layout.trustSds(), FileSecrets.trust(layout));
    ConfigFiles.write(layout.tokenSds(), FileSecrets.token(layout));
    ConfigFiles.write(layout.envoyBootstrap(), SidecarBootstrap.of(golden.settings(layout)));

    assertThat(validate(layout)).endsWith("OK");
  }

  @Test
  void envoyLoadsTheCanarysBootstrap() throws Exception {
    var layout = PodFiles.in(pod);

    new Canary(Map.of(), layout).run();

    assertThat(validate(layout)).endsWith("OK");
  }

  private static String validate(Layout layout) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(
                EnvoyProgram.path().toString(),
                "-c",
                layout.envoyBootstrap().toString(),
                "--mode",
                "validate")
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).as("nothing deprecated or unfinished").doesNotContain("\"warning\"");
    return said.strip();
  }
}
