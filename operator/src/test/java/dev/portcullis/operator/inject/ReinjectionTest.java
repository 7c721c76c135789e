package dev.portcullis.operator.inject;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.bootstrap.contract.AppProbe;
import dev.portcullis.bootstrap.contract.AppProbes;
import dev.portcullis.bootstrap.contract.SidecarEnv;
import dev.portcullis.operator.names.Annotations;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pods that were injected before, and what somebody has done to them since. */
class ReinjectionTest {

  private static final AppProbe HEALTH = new AppProbe.HttpGet(8080, "/healthz");
  private static final AppProbe CACHE = new AppProbe.TcpSocket(6379);

  private final Pod bare =
      new PodBuilder()
          .withNewMetadata()
          .withName("orders")
          .addToLabels("app", "orders")
          .endMetadata()
          .withNewSpec()
          .addNewContainer()
          .withName("app")
          .withNewLivenessProbe()
          .withNewHttpGet()
          .withPath("/healthz")
          .withNewPort(8080)
          .endHttpGet()
          .endLivenessProbe()
          .endContainer()
          .endSpec()
          .build();

  private final Pod injected = inject(bare);

  @Test
  void takesUpAContainerThatAnotherWebhookAdded() {
    // Given
    var changed =
        new PodBuilder(injected)
            .editSpec()
            .addNewContainer()
            .withName("cache")
            .withNewReadinessProbe()
            .withNewTcpSocket()
            .withNewPort(6379)
            .endTcpSocket()
            .endReadinessProbe()
            .endContainer()
            .endSpec()
            .build();
    // When
    var again = inject(changed);
    // Then
    assertThat(questionsOf(again)).containsExactly(HEALTH, CACHE);
    assertThat(again.getSpec().getContainers().get(1).getReadinessProbe().getHttpGet().getPath())
        .isEqualTo("/app/1");
    assertThat(again.getSpec().getInitContainers()).hasSize(2);
    assertThat(again.getSpec().getVolumes()).hasSize(4);
  }

  @Test
  void putsItselfBeforeAnInitContainerThatAnotherWebhookPutFirst() {
    // Given
    var changed =
        new PodBuilder(injected)
            .editSpec()
            .addNewInitContainerLike(new Container())
            .withName("late")
            .endInitContainer()
            .endSpec()
            .build();
    changed
        .getSpec()
        .getInitContainers()
        .addFirst(changed.getSpec().getInitContainers().removeLast());
    // When
    var again = inject(changed);
    // Then
    assertThat(again.getSpec().getInitContainers())
        .extracting(Container::getName)
        .containsExactly(Names.INIT_CONTAINER, Names.PROXY_CONTAINER, "late");
  }

  @Test
  void replacesASidecarThatOnlyPretendsToBeOurs() {
    // Given
    var forged =
        new PodBuilder(injected)
            .editSpec()
            .editMatchingInitContainer(each -> Names.PROXY_CONTAINER.equals(each.getName()))
            .withImage("evil/proxy")
            .withCommand("/bin/open-the-gate")
            .endInitContainer()
            .editMatchingVolume(each -> Names.TRUST_VOLUME.equals(each.getName()))
            .withProjected(null)
            .withNewConfigMap()
            .withName("my-own-roots")
            .endConfigMap()
            .endVolume()
            .endSpec()
            .build();
    // Then
    assertThat(inject(forged)).isEqualTo(injected);
  }

  @Test
  void replacesTheSidecarOfAnotherPolicyAndCapture() {
    // Given
    var other =
        new InjectionPlan(
            "other", Templates.NONE.capture(), 9443, 5, 5, "ECDSAP256", Templates.REVOCATION);
    var copy = inject(bare, other);
    // Then
    assertThat(inject(copy)).isEqualTo(injected);
  }

  @Test
  void annotationsDecideNothing() {
    // Given
    var wishful =
        new PodBuilder(bare)
            .editMetadata()
            .addToLabels(Labels.POLICY, "other")
            .addToAnnotations(Annotations.CAPTURE, "None")
            .addToAnnotations(Annotations.TEMPLATE, "0000000000000000")
            .addToAnnotations("portcullis.dev/inject", "false")
            .addToAnnotations("portcullis.dev/image", "evil/proxy")
            .endMetadata()
            .build();
    // When
    var again = inject(wishful);
    // Then
    assertThat(again.getSpec()).isEqualTo(injected.getSpec());
    assertThat(again.getMetadata().getLabels()).isEqualTo(injected.getMetadata().getLabels());
    assertThat(again.getMetadata().getAnnotations())
        .containsAllEntriesOf(injected.getMetadata().getAnnotations());
  }

  @Test
  void aContainerThatMountsOurVolumesIsRefusedAlsoTheSecondTime() {
    // Given
    var curious =
        new PodBuilder(injected)
            .editSpec()
            .editFirstContainer()
            .addNewVolumeMount()
            .withName(Names.IDENTITY_VOLUME)
            .withMountPath("/key")
            .endVolumeMount()
            .endContainer()
            .endSpec()
            .build();
    // Then
    assertThat(Templates.injector(Templates.REDIRECT).decide("shop", curious))
        .isInstanceOf(InjectionDecision.Refuse.class);
  }

  @Test
  void theTemplatesHashIsOfWhatIsInjectedAndNotOfThePod() {
    var hash = hashOf(injected);
    assertThat(hashOf(inject(new PodBuilder(bare).editSpec().withContainers().endSpec().build())))
        .isEqualTo(hash);
    assertThat(hashOf(inject(bare, Templates.NONE))).isNotEqualTo(hash);
    var withOtherKey =
        new InjectionPlan(
            "orders",
            Templates.REDIRECT.capture(),
            8443,
            0,
            10_000,
            "RSA4096",
            Templates.REVOCATION);
    assertThat(hashOf(inject(bare, withOtherKey))).isNotEqualTo(hash);
  }

  @Test
  void memoryGrowsWithTheClientsToRemember() {
    // Given
    var plan =
        new InjectionPlan(
            "orders",
            Templates.REDIRECT.capture(),
            8443,
            250_000,
            100,
            "ECDSAP256",
            Templates.REVOCATION);
    // When
    var proxy = inject(bare, plan).getSpec().getInitContainers().get(1);
    // Then: 250,000 times 405 bytes are 96.6 Mi
    assertThat(proxy.getResources().getLimits()).containsEntry("memory", new Quantity("353Mi"));
    assertThat(proxy.getResources().getRequests()).containsEntry("memory", new Quantity("161Mi"));
  }

  private static Pod inject(Pod pod) {
    return inject(pod, Templates.REDIRECT);
  }

  private static Pod inject(Pod pod, InjectionPlan plan) {
    var decision = Templates.injector(plan).decide("shop", pod);
    assertThat(decision).isInstanceOf(InjectionDecision.Inject.class);
    return ((InjectionDecision.Inject) decision).pod();
  }

  private static String hashOf(Pod pod) {
    return pod.getMetadata().getAnnotations().get(Annotations.TEMPLATE);
  }

  private static List<AppProbe> questionsOf(Pod pod) {
    return pod.getSpec().getInitContainers().getFirst().getEnv().stream()
        .filter(variable -> variable.getName().equals(SidecarEnv.APP_PROBES))
        .flatMap(variable -> AppProbes.parse(variable.getValue()).stream())
        .toList();
  }
}
