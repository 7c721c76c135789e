package dev.portcullis.api.v1alpha1;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads an absent list or map as an empty one, and makes both immutable in the user's order. */
final class Absent {

  static <T> List<T> toEmpty(List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  static <K, V> Map<K, V> toEmpty(Map<K, V> map) {
    return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  private Absent() {}
}
