package dev.portcullis.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.golden.GoldenFolder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ChartIT {

  static Stream<GoldenFolder> cases() {
    return GoldenFolder.casesOf("chart");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rendersTheGoldenManifests(GoldenFolder values) {
    // When
    var manifests =
        Helm.template(
            Helm.NAMESPACE, "--values", values.path().resolve("in-values.yaml").toString());
    // Then
    values.expect(
        name -> !name.startsWith("in-"),
        Map.of("out-manifests.yaml", withoutCrds(manifests), "out-powers.txt", powers(manifests)));
  }

  @Test
  void lintFindsNothing() {
    var answer = Helm.run("lint", "--strict", Helm.CHART.toString());
    assertThat(answer.exit()).as(answer.out() + answer.err()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          replicaCount=3            | additional properties 'replicaCount' not allowed
          images.operator.version=1 | additional properties 'version' not allowed
          replicas=0                | minimum: got 0, want 1
          replicas=two              | got string, want integer
          trustDomain=Has_Capitals  | '/trustDomain'
          images.pullPolicy=Often   | value must be one of 'IfNotPresent', 'Always', 'Never'
          operator.logLevel=TRACE   | value must be one of
          testHooks=yes             | got string, want boolean
          networkPolicy.apiServerPorts={0} | minimum: got 0, want 1
          proxy.resources.limits.memory=lots | '/proxy/resources/limits/memory'
          proxy.resources.limits.memory=null | missing property 'memory'
          proxy.concurrency=0       | minimum: got 0, want 1
          certificates.lifetime=2d  | '/certificates/lifetime'
          certificates.issuesPerWorkloadAndHour=5 | minimum: got 5, want 10
          clientCertificates.secrets.Shop={a} | invalid propertyName 'Shop'
          clientCertificates.secrets.shop={a_b} | '/clientCertificates/secrets/shop/0'
          clientCertificates.secrets.shop={*} | '/clientCertificates/secrets/shop/0'
          clientCertificates.secrets.shop=all | got string, want array
          openApi.configMaps.shop={*} | '/openApi/configMaps/shop/0'
          openApi.configMaps.Shop={a} | invalid propertyName 'Shop'
          """)
  void refusesAValueItDoesNotKnow(String value, String sentence) {
    // When
    var answer = Helm.run("template", "portcullis", Helm.CHART.toString(), "--set", value);
    // Then
    assertThat(answer.exit()).isNotZero();
    assertThat(answer.err()).contains(sentence);
  }

  @Test
  void refusesAClusterWithoutNativeSidecarsAndAdmissionPolicies() {
    var answer =
        Helm.run("template", "portcullis", Helm.CHART.toString(), "--kube-version", "1.29.9");
    assertThat(answer.exit()).isNotZero();
    assertThat(answer.err()).contains(">=1.30.0-0");
  }

  /** Their bytes are proved elsewhere, and they are long. */
  private static String withoutCrds(String manifests) {
    return Stream.of(manifests.split("(?m)^---\n"))
        .filter(document -> !document.contains("kind: CustomResourceDefinition"))
        .filter(document -> !document.isBlank())
        .map(document -> "---\n" + document.stripTrailing() + "\n")
        .reduce("", String::concat);
  }

  private static String powers(String manifests) {
    try (KubernetesClient reader = new KubernetesClientBuilder().build()) {
      var stream = new ByteArrayInputStream(manifests.getBytes(StandardCharsets.UTF_8));
      return Powers.of(reader.load(stream).items());
    }
  }
}
