package dev.portcullis.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart with a store of rates. */
class RateLimitOnApiServerIT {

  private static Installation chart;

  @BeforeAll
  static void install() {
    chart =
        new Installation(
            "--set",
            "rateLimit.fleet.enabled=true,rateLimit.fleet.secretName=portcullis-rate-limit");
  }

  @AfterAll
  static void close() {
    chart.close();
  }

  @Test
  void everyManifestIsAccepted() {
    assertThat(chart.apply()).hasSameSizeAs(chart.apply());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"portcullis-operator", "portcullis-rate-limit", "portcullis-rate-limit-store"})
  void itsPodsPassPodSecurityRestricted(String name) {
    chart.apply();

    assertThat(created(name).getMetadata().getName()).isEqualTo(name);
  }

  @Test
  void theServiceGetsItsKeyFromTheKubelet() {
    chart.apply();

    assertThat(created("portcullis-rate-limit").getSpec().getVolumes())
        .filteredOn(volume -> volume.getName().equals("identity"))
        .singleElement()
        .satisfies(
            volume ->
                assertThat(
                        volume
                            .getProjected()
                            .getSources()
                            .getFirst()
                            .getPodCertificate()
                            .getSignerName())
                    .isEqualTo("portcullis.dev/backend"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rateLimit.fleet.secretName=                               | name a Secret with the keys
          rateLimit.fleet.secretName=any,certificates.keyDelivery=Stream | made by the kubelet
          rateLimit.fleet.secretName=any,rateLimit.fleet.store.address=redis | '/rateLimit/fleet/store/address'
          """)
  void refusesWhatCannotWork(String values, String sentence) {
    var answer =
        Helm.run(
            "template",
            "portcullis",
            Helm.CHART.toString(),
            "--kube-version",
            "1.37.0",
            "--set",
            "rateLimit.fleet.enabled=true," + values);

    assertThat(answer.exit()).isNotZero();
    assertThat(answer.err()).contains(sentence);
  }

  /** What the API server would make of a pod of this deployment. */
  private static Pod created(String name) {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(chart.namespace)
            .withName(name)
            .endMetadata()
            .withSpec(deployment(name).getSpec().getTemplate().getSpec())
            .build();
    return chart.admin.resource(pod).dryRun().create();
  }

  private static Deployment deployment(String name) {
    return chart.manifests.stream()
        .filter(manifest -> manifest.getMetadata().getName().equals(name))
        .filter(Deployment.class::isInstance)
        .map(Deployment.class::cast)
        .findFirst()
        .orElseThrow();
  }
}
