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
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each policy of the suite becomes in Envoy's words. */
class TranslationGoldenTest {

  static final String LISTENER = "out-listener.yaml";
  static final String HTTP3 = "out-http3.yaml";
  static final String ROUTES = "out-routes.yaml";
  static final String CLUSTER = "out-cluster.yaml";
  static final String CALL = "out-call-";
  static final Set<String> INBOUND = Set.of(LISTENER, HTTP3, ROUTES, CLUSTER);

  static Stream<GoldenFolder> cases() {
    return GoldenFolder.casesOf("translation");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void translatesAsWritten(GoldenFolder folder) {
    folder.expect(
        TranslationGoldenTest::isOurs, asFiles(PolicyResolver.resolve(BackendViews.of(folder))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theFilesShowAllThereIs(GoldenFolder folder) {
    if (PolicyResolver.resolve(BackendViews.of(folder)) instanceof Resolved(var intent)) {
      var resources = new EnvoyTranslator().translate(intent);

      assertThat(resources.listeners()).allMatch(each -> reread(each).equals(each));
      assertThat(resources.routeTables()).allMatch(each -> reread(each).equals(each));
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
        var files = new TreeMap<String, String>();
        files.put(LISTENER, ResourceYaml.of(resources.listener()));
        resources.http3().ifPresent(each -> files.put(HTTP3, ResourceYaml.of(each)));
        files.put(ROUTES, ResourceYaml.of(resources.routes()));
        files.put(CLUSTER, ResourceYaml.of(resources.clusters().getFirst()));
        resources.calls().listeners().forEach(each -> put(files, each.getName(), "listener", each));
        resources.calls().routes().forEach(each -> put(files, each.getName(), "routes", each));
        resources.clusters().stream()
            .skip(1)
            .forEach(each -> put(files, each.getName(), "cluster", each));
        yield files;
      }
      case Unresolved(_) -> Map.of();
    };
  }

  private static boolean isOurs(String file) {
    return INBOUND.contains(file) || file.startsWith(CALL);
  }

  private static void put(Map<String, String> files, String call, String kind, Message message) {
    var name = call.substring(call.indexOf('/') + 1).replace('/', '-');
    files.put(CALL + name + "-" + kind + ".yaml", ResourceYaml.of(message));
  }
}
