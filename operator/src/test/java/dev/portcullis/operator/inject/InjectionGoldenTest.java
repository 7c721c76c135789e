package dev.portcullis.operator.inject;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.bootstrap.contract.Capture;
import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.bootstrap.contract.Metrics;
import dev.portcullis.operator.golden.GoldenFolder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InjectionGoldenTest {

  /** A plan as a file may write it; what it leaves out is the default. */
  private record PlanFile(
      String capture,
      int listenerPort,
      long trackedClients,
      int connections,
      String keyType,
      String keys,
      String metrics) {

    InjectionPlan plan() {
      return new InjectionPlan(
          "orders",
          Capture.of(capture).orElseThrow(),
          listenerPort,
          trackedClients,
          connections,
          keyType == null ? "ECDSAP256" : keyType,
          Templates.REVOCATION);
    }
  }

  static Stream<GoldenFolder> cases() {
    return GoldenFolder.casesOf("injection");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void injects(GoldenFolder folder) {
    // Given
    var pod = Serialization.unmarshal(folder.read("in-pod.yaml"), Pod.class);
    // When
    var injected = injected(folder, pod);
    // Then
    folder.expect("out-pod.yaml"::equals, Map.of("out-pod.yaml", Serialization.asYaml(injected)));
    folder.expectOnly(
        name ->
            name.equals("in-pod.yaml") || name.equals("in-plan.yaml") || name.startsWith("out-"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void twiceIsOnce(GoldenFolder folder) {
    // Given
    var injected = injected(folder, Serialization.unmarshal(folder.read("in-pod.yaml"), Pod.class));
    // When
    var again = injector(folder).decide("shop", injected);
    // Then
    assertThat(again).isEqualTo(new InjectionDecision.Skip("the pod is injected already"));
  }

  /** And what it is made from, or proves who asks for it; not the application's containers. */
  @ParameterizedTest
  @MethodSource("cases")
  void onlyTheGateMountsItsKey(GoldenFolder folder) {
    // Given
    var pod = Serialization.unmarshal(folder.read("in-pod.yaml"), Pod.class);
    // When
    var spec = injected(folder, pod).getSpec();
    // Then
    var sources = Set.of("portcullis-identity", "portcullis-token", "portcullis-config");
    assertThat(Stream.concat(spec.getContainers().stream(), spec.getInitContainers().stream()))
        .filteredOn(
            container ->
                container.getVolumeMounts().stream()
                    .anyMatch(mount -> sources.contains(mount.getName())))
        .extracting(Container::getName)
        .isNotEmpty()
        .isSubsetOf("portcullis-init", "portcullis-proxy");
    assertThat(spec.getShareProcessNamespace()).isNotEqualTo(true);
  }

  private static Pod injected(GoldenFolder folder, Pod pod) {
    var before = Serialization.asYaml(pod);
    var decision = injector(folder).decide("shop", pod);
    assertThat(decision).isInstanceOf(InjectionDecision.Inject.class);
    assertThat(Serialization.asYaml(pod)).as("what came in stays as it is").isEqualTo(before);
    return ((InjectionDecision.Inject) decision).pod();
  }

  private static InjectionPlan planOf(GoldenFolder folder) {
    return planFile(folder).map(PlanFile::plan).orElse(Templates.REDIRECT);
  }

  private static Injector injector(GoldenFolder folder) {
    return Templates.injector(planOf(folder), keysOf(folder), metricsOf(folder));
  }

  private static Metrics metricsOf(GoldenFolder folder) {
    return planFile(folder).map(PlanFile::metrics).flatMap(Metrics::of).orElse(Metrics.CLOSED);
  }

  private static KeyDelivery keysOf(GoldenFolder folder) {
    return planFile(folder)
        .map(PlanFile::keys)
        .flatMap(KeyDelivery::of)
        .orElse(KeyDelivery.KUBELET);
  }

  private static Optional<PlanFile> planFile(GoldenFolder folder) {
    return folder.inputs().contains("in-plan.yaml")
        ? Optional.of(Serialization.unmarshal(folder.read("in-plan.yaml"), PlanFile.class))
        : Optional.empty();
  }
}
