package dev.portcullis.operator.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.golden.GoldenFolder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NetworkPoliciesTest {

  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  @ParameterizedTest
  @EnumSource
  void becomesTheGoldenNetworkPolicy(NetworkCase backend) {
    // Given
    var folder = new GoldenFolder(Path.of("src/test/resources/network", backend.meaning()));
    // When
    var policies = NetworkPolicies.of(backend.intent);
    // Then
    assertThat(policies).hasSize(1);
    folder.expect(name -> true, Map.of("out-networkpolicy.yaml", YAML.asYaml(policies.getFirst())));
  }

  @Test
  void everyGoldenFolderHasItsCase() {
    assertThat(GoldenFolder.casesOf("network").map(GoldenFolder::toString))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(NetworkCase.values()).map(NetworkCase::meaning).toList());
  }

  @ParameterizedTest
  @EnumSource
  void opensThePortOfTheMetricsToScrapersOnlyAndNoOtherButTheListeners(NetworkCase backend) {
    assertThat(NetworkPolicies.of(backend.intent))
        .flatExtracting(policy -> policy.getSpec().getIngress())
        .allSatisfy(
            rule ->
                assertThat(rule.getPorts())
                    .singleElement()
                    .satisfies(
                        port -> {
                          assertThat(port.getPort().getIntVal())
                              .isEqualTo(namesScrapers(rule) ? 15090 : 8443);
                          assertThat(port.getEndPort()).isNull();
                        }));
  }

  private static boolean namesScrapers(NetworkPolicyIngressRule rule) {
    return rule.getFrom().stream()
        .anyMatch(
            peer ->
                peer.getNamespaceSelector() != null
                    && "monitoring"
                        .equals(
                            peer.getNamespaceSelector()
                                .getMatchLabels()
                                .get("kubernetes.io/metadata.name")));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ANYWHERE")
  void aRuleWithoutSourcesWouldMeanEverySource(NetworkCase backend) {
    assertThat(NetworkPolicies.of(backend.intent))
        .flatExtracting(policy -> policy.getSpec().getIngress())
        .allSatisfy(rule -> assertThat(rule.getFrom()).isNotEmpty());
  }
}
