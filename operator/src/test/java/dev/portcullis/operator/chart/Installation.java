package dev.portcullis.operator.chart;

import dev.portcullis.operator.apiserver.ApiServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
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

  /** Takes away what would refuse the pods of other tests on the same server. */
  @Override
  public void close() {
    manifests.stream()
        .filter(
            manifest ->
                manifest instanceof MutatingWebhookConfiguration
                    || manifest instanceof ValidatingAdmissionPolicyBinding)
        .forEach(manifest -> admin.resource(manifest).delete());
    admin.close();
  }
}
