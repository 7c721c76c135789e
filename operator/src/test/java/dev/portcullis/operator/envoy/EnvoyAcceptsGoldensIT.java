package dev.portcullis.operator.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.portcullis.operator.envoytest.EnvoySchema;
import dev.portcullis.operator.envoytest.EnvoyTypes;
import dev.portcullis.operator.envoytest.StaticEnvoy;
import dev.portcullis.operator.golden.GoldenFolder;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    var clusters =
        Stream.concat(
                Stream.of(cluster(folder)), calls(folder).flatMap(EnvoyAcceptsGoldensIT::fixed))
            .toList();

    assertThat(StaticEnvoy.complaints(home, listeners(folder).toList(), routes(folder), clusters))
        .isEmpty();
  }

  /** Those of calls ask for their endpoints, which nobody serves here. */
  private static Stream<Cluster> fixed(Message message) {
    return message instanceof Cluster cluster && cluster.getType() != DiscoveryType.EDS
        ? Stream.of(cluster)
        : Stream.empty();
  }

  /** A field that the proxy does not know would be dropped without a word. */
  @ParameterizedTest
  @MethodSource("cases")
  void envoyKnowsEveryFieldUnderItsNumber(GoldenFolder folder) {
    Stream.of(listeners(folder), Stream.of(routes(folder), cluster(folder)), calls(folder))
        .flatMap(each -> each)
        .flatMap(EnvoyTypes::allIn)
        .forEach(message -> schema.assertKnows(message));
  }

  private static Stream<Message> calls(GoldenFolder folder) {
    try (var files = Files.list(folder.path())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(TranslationGoldenTest.CALL))
          .<Message>map(name -> ResourceYaml.read(folder.read(name), builder(name)).build())
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Message.Builder builder(String name) {
    if (name.endsWith("-listener.yaml")) {
      return Listener.newBuilder();
    }
    return name.endsWith("-routes.yaml") ? RouteConfiguration.newBuilder() : Cluster.newBuilder();
  }

  private static Stream<Listener> listeners(GoldenFolder folder) {
    return Stream.of(TranslationGoldenTest.LISTENER, TranslationGoldenTest.HTTP3)
        .filter(file -> Files.exists(folder.path().resolve(file)))
        .map(file -> ResourceYaml.read(folder.read(file), Listener.newBuilder()).build());
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
