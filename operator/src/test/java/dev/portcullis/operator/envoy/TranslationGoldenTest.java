package dev.portcullis.operator.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.portcullis.operator.golden.BackendViews;
import dev.portcullis.operator.golden.GoldenFolder;
import dev.portcullis.operator.resolve.PolicyResolver;
import dev.portcullis.operator.resolve.Resolution;
import dev.portcullis.operator.resolve.Resolution.Resolved;
import dev.portcullis.operator.resolve.Resolution.Unresolved;
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
  void theFilesShowAllThereIs(GoldenFolder folder) {
    if (PolicyResolver.resolve(BackendViews.of(folder)) instanceof Resolved(var intent)) {
      var resources = new EnvoyTranslator().translate(intent);

      assertThat(reread(resources.listener())).isEqualTo(resources.listener());
      assertThat(reread(resources.routes())).isEqualTo(resources.routes());
      assertThat(resources.clusters()).allMatch(cluster -> reread(cluster).equals(cluster));
    }
  }

  private static Message reread(Message message) {
    return ResourceYaml.read(ResourceYaml.of(message), message.newBuilderForType()).build();
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
