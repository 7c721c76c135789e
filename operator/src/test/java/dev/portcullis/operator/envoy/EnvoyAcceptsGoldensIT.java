package dev.portcullis.operator.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoytest.EnvoySchema;
import dev.portcullis.operator.envoytest.EnvoyTypes;
import dev.portcullis.operator.envoytest.StaticEnvoy;
import dev.portcullis.operator.golden.GoldenFolder;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden files themselves, before the proxy that has to run them. */
class EnvoyAcceptsGoldensIT {

  private static EnvoySchema schema;

  @BeforeAll
  static void readSchema() {
    schema = EnvoySchema.read();
  }

  static Stream<GoldenFolder> cases() {
    return GoldenFolder.casesOf("translation")
        .filter(folder -> Files.exists(folder.path().resolve(TranslationGoldenTest.LISTENER)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void envoyAcceptsIt(GoldenFolder folder, @TempDir Path home) {
    assertThat(StaticEnvoy.complaints(home, listener(folder), routes(folder), cluster(folder)))
        .isEmpty();
  }

  /** A field that the proxy does not know would be dropped without a word. */
  @ParameterizedTest
  @MethodSource("cases")
  void envoyKnowsEveryFieldUnderItsNumber(GoldenFolder folder) {
    Stream.of(listener(folder), routes(folder), cluster(folder))
        .flatMap(EnvoyTypes::allIn)
        .forEach(message -> schema.assertKnows(message));
  }

  private static Listener listener(GoldenFolder folder) {
    return ResourceYaml.read(folder.read(TranslationGoldenTest.LISTENER), Listener.newBuilder())
        .build();
  }

  private static RouteConfiguration routes(GoldenFolder folder) {
    var yaml = folder.read(TranslationGoldenTest.ROUTES);
    return ResourceYaml.read(yaml, RouteConfiguration.newBuilder()).build();
  }

  private static Cluster cluster(GoldenFolder folder) {
    return ResourceYaml.read(folder.read(TranslationGoldenTest.CLUSTER), Cluster.newBuilder())
        .build();
  }
}
