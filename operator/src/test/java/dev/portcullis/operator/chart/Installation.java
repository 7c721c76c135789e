package dev.portcullis.operator.chart;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The chart's manifests on the real API server, as Helm 4 puts them there. */
final class Installation implements AutoCloseable {

  private static final Map<String, String> RESTRICTED =
      Map.of("pod-security.kubernetes.io/enforce", "restricted");

  final KubernetesClient admin = ApiServer.admin();
  final String namespace =
      ApiServer.namespace(admin, "portcullis", RESTRICTED).getMetadata().getName();
  final List<HasMetadata> manifests;

  /** With these options of helm, such as {@code --set}. */
  Installation(String... options) {
    manifests = read(Helm.template(namespace, options));
  }

  /** Applies every manifest but those of hooks; answers what the API server stored. */
  List<HasMetadata> apply() {
    return apply(manifest -> !isHook(manifest));
  }

  /** Applies some of the manifests; answers what the API server stored. */
  List<HasMetadata> apply(Predicate<HasMetadata> chosen) {
    return manifests.stream().filter(chosen).map(this::apply).toList();
  }

  private HasMetadata apply(HasMetadata manifest) {
    var asHelm =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("helm")
            .withFieldValidation("Strict")
            .build();
    return admin.resource(manifest).patch(asHelm);
  }

  private List<HasMetadata> read(String yaml) {
    var stream = new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8));
    return admin.load(stream).items();
  }

  private static boolean isHook(HasMetadata manifest) {
    var annotations = manifest.getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey("helm.sh/hook");
  }

  /** Takes away what would refuse what other tests on the same server do, and waits for it. */
  @Override
  public void close() {
    manifests.stream()
        .filter(
            manifest ->
                manifest instanceof MutatingWebhookConfiguration
                    || manifest instanceof ValidatingAdmissionPolicyBinding)
        .sorted(Comparator.comparing(Installation::isProbed))
        .forEach(manifest -> admin.resource(manifest).delete());
    // The API server goes by a deleted binding for a second or so, and learns of all in their
    // order.
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThatCode(this::asIntruder).doesNotThrowAnyException());
    admin.close();
  }

  private static boolean isProbed(HasMetadata manifest) {
    return manifest.getMetadata().getName().equals("portcullis-operator-trust");
  }

  /** Asks for what the binding that was deleted last would refuse. */
  private void asIntruder() {
    var roots = new ConfigMapBuilder().withNewMetadata().withName(Names.TRUST_CONFIG_MAP);
    admin
        .configMaps()
        .inNamespace("default")
        .resource(roots.endMetadata().build())
        .dryRun()
        .create();
  }
}
