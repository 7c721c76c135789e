package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.rotation.Wish;
import dev.portcullis.operator.identity.rotation.Wishes;
import dev.portcullis.operator.names.Annotations;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The ConfigMap at which people and the operator meet: their annotations say what they want, its
 * data says where the rotation stands. It holds no state: without it nothing is lost.
 */
final class RotationDesk {

  private static final Map<Wish, String> WISHES =
      Map.of(
          Wish.ROTATE_ISSUING, Annotations.ROTATE_ISSUING,
          Wish.ROTATE_ROOT, Annotations.ROTATE_ROOT,
          Wish.DISTRUST, Annotations.DISTRUST_CA);

  private final KubernetesClient client;
  private final String namespace;

  RotationDesk(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** Read live. */
  Optional<ConfigMap> read() {
    return Optional.ofNullable(resource().get());
  }

  static Wishes wishes(Optional<ConfigMap> found) {
    var annotations = found.map(map -> map.getMetadata().getAnnotations()).orElse(Map.of());
    var texts = new EnumMap<Wish, String>(Wish.class);
    WISHES.forEach(
        (wish, name) ->
            Optional.ofNullable(annotations.get(name)).ifPresent(text -> texts.put(wish, text)));
    return new Wishes(
        texts,
        annotations.containsKey(Annotations.PAUSE_ROTATION)
            ? Wishes.Pace.PAUSED
            : Wishes.Pace.GOING,
        number(annotations.get(Annotations.ROLL_BACK)),
        number(annotations.get(Annotations.RETIRE_NOW)));
  }

  /** Writes only what differs, into the version that was read. */
  void show(Map<String, String> lines, Optional<ConfigMap> found) {
    if (found.isEmpty()) {
      client.resource(fresh(lines)).create();
    } else if (!lines.equals(found.get().getData())) {
      client.resource(new ConfigMapBuilder(found.get()).withData(lines).build()).update();
    }
  }

  private ConfigMap fresh(Map<String, String> lines) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(Names.CA_STATUS)
        .withNamespace(namespace)
        .addToLabels(Labels.MANAGED_BY, Labels.MANAGED_BY_VALUE)
        .endMetadata()
        .withData(lines)
        .build();
  }

  private Resource<ConfigMap> resource() {
    return client.configMaps().inNamespace(namespace).withName(Names.CA_STATUS);
  }

  /** What is no number names no rotation. */
  private static Optional<Integer> number(String text) {
    try {
      return Optional.ofNullable(text).map(String::strip).map(Integer::valueOf);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
