package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;

/** The certificate authority, as it is seen and asked through its ConfigMap. */
final class Authority {

  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private final Installation installation;

  Authority(Installation installation) {
    this.installation = installation;
  }

  /** The number of the generation that signs. */
  String generation() {
    return report().get("current").replaceFirst("generation (\\d+),(?s:.*)", "$1");
  }

  Map<String, String> report() {
    return configMap().get().getData();
  }

  /** As {@code kubectl annotate --overwrite}: whatever the operator writes meanwhile. */
  void ask(String annotation, String value) {
    configMap()
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(annotation, value));
  }

  void await(String key, String value) {
    Awaitility.await(key + "=" + value)
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(report()).containsEntry(key, value));
  }

  private Resource<ConfigMap> configMap() {
    return installation
        .client()
        .configMaps()
        .inNamespace(Installation.NAMESPACE)
        .withName("portcullis-ca");
  }
}
