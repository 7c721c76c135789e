package dev.portcullis.operator.network;

import dev.portcullis.operator.golden.BackendViews;
import dev.portcullis.operator.golden.GoldenFolder;
import dev.portcullis.operator.resolve.PolicyResolver;
import dev.portcullis.operator.resolve.Resolution;
import dev.portcullis.operator.resolve.Resolution.Resolved;
import dev.portcullis.operator.resolve.Resolution.Unresolved;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkTranslationTest {

  private static final String OURS = "out-networkpolicy.yaml";
  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  static Stream<GoldenFolder> cases() {
    return GoldenFolder.casesOf("translation");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void becomesTheGoldenNetworkPolicy(GoldenFolder policy) {
    var resolution = PolicyResolver.resolve(BackendViews.of(policy));
    policy.expect(OURS::equals, asFiles(resolution));
  }

  private static Map<String, String> asFiles(Resolution resolution) {
    return switch (resolution) {
      case Resolved(var intent) -> Map.of(OURS, YAML.asYaml(NetworkPolicies.of(intent).getFirst()));
      case Unresolved _ -> Map.of();
    };
  }
}
