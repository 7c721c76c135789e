package dev.portcullis.operator.inject;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;
import java.util.stream.Stream;

/** The containers of a pod, in the order in which they start. */
final class PodContainers {

  private PodContainers() {}

  static List<Container> all(Pod pod) {
    return all(pod.getSpec());
  }

  static List<Container> all(PodSpec spec) {
    return Stream.concat(
            orNone(spec.getInitContainers()).stream(), orNone(spec.getContainers()).stream())
        .toList();
  }

  static <T> List<T> orNone(List<T> list) {
    return list == null ? List.of() : list;
  }
}
