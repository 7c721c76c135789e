package dev.portcullis.operator.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.golden.BackendViews;
import dev.portcullis.operator.golden.GoldenFolder;
import dev.portcullis.operator.resolve.PolicyResolver;
import dev.portcullis.operator.resolve.Resolution;
import dev.portcullis.operator.resolve.Resolution.Resolved;
import dev.portcullis.operator.resolve.Resolution.Unresolved;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each policy of the suite becomes in Envoy's words. */
class TranslationGoldenTest {

  static final String LISTENER = "out-listener.yaml";
  static final String ROUTES = "out-routes.yaml";
  static final String CLUSTER = "out-cluster.yaml";
  static final Set<String> OURS = Set.of(LISTENER, ROUTES, CLUSTER);

  static Stream<GoldenFolder> cases() {
    return GoldenFolder.casesOf("translation");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void translatesAsWritten(GoldenFolder folder) {
    folder.expect(OURS::contains, asFiles(PolicyResolver.resolve(BackendViews.of(folder))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsWrittenIsAllThereIs(GoldenFolder folder) {
    if (PolicyResolver.resolve(BackendViews.of(folder)) instanceof Resolved(var intent)) {
      var resources = new EnvoyTranslator().translate(intent);

      assertThat(ResourceYaml.read(folder.read(LISTENER), Listener.newBuilder()).build())
          .isEqualTo(resources.listener());
      assertThat(ResourceYaml.read(folder.read(ROUTES), RouteConfiguration.newBuilder()).build())
          .isEqualTo(resources.routes());
      assertThat(ResourceYaml.read(folder.read(CLUSTER), Cluster.newBuilder()).build())
          .isEqualTo(resources.clusters().getFirst());
    }
  }

  private static Map<String, String> asFiles(Resolution resolution) {
    return switch (resolution) {
      case Resolved(var intent) -> {
        var resources = new EnvoyTranslator().translate(intent);
        yield Map.of(
            LISTENER, ResourceYaml.of(resources.listener()),
            ROUTES, ResourceYaml.of(resources.routes()),
            CLUSTER, ResourceYaml.of(resources.clusters().getFirst()));
      }
      case Unresolved(_) -> Map.of();
    };
  }
}
