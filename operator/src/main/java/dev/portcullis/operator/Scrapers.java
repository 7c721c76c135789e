package dev.portcullis.operator;

import dev.portcullis.operator.intent.Caller.Origin;
import dev.portcullis.operator.intent.PodSelector;
import dev.portcullis.operator.names.Labels;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who may read sidecars' metrics, as the chart writes it: labels of pods by namespace, in JSON. */
final class Scrapers {

  private Scrapers() {}

  /** A file of these. */
  private static final class ByNamespace extends TreeMap<String, Map<String, String>> {}

  /**
   * In the order of the namespaces.
   *
   * @throws IllegalArgumentException when it cannot be read
   */
  static List<Origin.Pods> parse(String json) {
    try {
      return new KubernetesSerialization()
          .unmarshal(json, ByNamespace.class).entrySet().stream()
              .map(entry -> podsOf(entry.getKey(), entry.getValue()))
              .toList();
    } catch (KubernetesClientException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "portcullis.proxy.scrape-from is '%s' but must be labels of pods by namespace, in JSON"
              .formatted(json),
          e);
    }
  }

  private static Origin.Pods podsOf(String namespace, Map<String, String> labels) {
    return new Origin.Pods(
        new PodSelector(Map.of(Labels.NAMESPACE_NAME, namespace), List.of()),
        new PodSelector(labels == null ? Map.of() : labels, List.of()));
  }
}
