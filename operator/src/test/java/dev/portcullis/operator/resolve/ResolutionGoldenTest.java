package dev.portcullis.operator.resolve;

import dev.portcullis.operator.golden.BackendViews;
import dev.portcullis.operator.golden.GoldenFolder;
import dev.portcullis.operator.golden.RecordYaml;
import dev.portcullis.operator.resolve.Resolution.Resolved;
import dev.portcullis.operator.resolve.Resolution.Unresolved;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResolutionGoldenTest {

  private static final Set<String> OURS = Set.of("intent.yaml", "problems.yaml");

  @ParameterizedTest
  @MethodSource("cases")
  void resolvesAsWritten(GoldenFolder folder) {
    var resolution = PolicyResolver.resolve(BackendViews.of(folder));

    folder.expect(OURS::contains, asFiles(resolution));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyFileIsUsed(GoldenFolder folder) {
    folder.expectOnly(
        name -> name.startsWith("in-") || OURS.contains(name) || name.startsWith("out-"));
  }

  private static Stream<GoldenFolder> cases() {
    return GoldenFolder.casesOf("translation");
  }

  private static Map<String, String> asFiles(Resolution resolution) {
    return switch (resolution) {
      case Resolved(var intent) -> Map.of("intent.yaml", RecordYaml.of(intent));
      case Unresolved(var problems) -> Map.of("problems.yaml", RecordYaml.of(problems));
    };
  }
}
