package dev.portcullis.bootstrap.command;

import dev.portcullis.bootstrap.render.CanaryBootstrap;
import dev.portcullis.bootstrap.render.FileSecrets;
import dev.portcullis.bootstrap.render.Layout;
import dev.portcullis.bootstrap.render.SidecarBootstrap;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BootstrapGoldenTest {

  private static final Path RESOURCES = Path.of("src/test/resources");

  static Stream<BootstrapCase> cases() {
    return BootstrapCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rendersTheSidecarsBootstrap(BootstrapCase golden) throws Refusal {
    var bootstrap = SidecarBootstrap.of(golden.settings(Layout.ofPod()));

    Golden.expect(golden.folder().resolve("out-envoy.json"), Json.of(bootstrap));
  }

  @Test
  void rendersTheCanarysBootstrap() {
    var bootstrap = CanaryBootstrap.of(18001, Layout.ofPod().adminSocket());

    Golden.expect(RESOURCES.resolve("canary/out-envoy.json"), Json.of(bootstrap));
  }

  @Test
  void rendersTheSecretsThatEnvoyReadsFromFiles() {
    var layout = Layout.ofPod();

    Golden.expect(
        RESOURCES.resolve("secrets/out-identity.json"), Json.of(FileSecrets.identity(layout)));
    Golden.expect(RESOURCES.resolve("secrets/out-trust.json"), Json.of(FileSecrets.trust(layout)));
    Golden.expect(RESOURCES.resolve("secrets/out-token.json"), Json.of(FileSecrets.token(layout)));
  }
}
