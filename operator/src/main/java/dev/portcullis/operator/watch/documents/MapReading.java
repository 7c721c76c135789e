package dev.portcullis.operator.watch.documents;

import dev.portcullis.operator.resolve.OpenApiReferences.File;
import dev.portcullis.operator.resolve.openapi.OpenApiReader;
import dev.portcullis.operator.resolve.openapi.OpenApiReading;
import dev.portcullis.operator.resolve.openapi.OpenApiReading.Unreadable;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.Map;
import java.util.Optional;

/** What a watch of a ConfigMap has told. */
sealed interface MapReading {

  /** It is there. */
  record Found(Map<String, String> data) implements MapReading {
    static Found of(ConfigMap map) {
      return new Found(Optional.ofNullable(map.getData()).map(Map::copyOf).orElse(Map.of()));
    }
  }

  record Missing() implements MapReading {}

  /** The operator was not granted it, or not any more. */
  record Forbidden() implements MapReading {}

  /** What a policy that refers to this file gets to know. */
  default OpenApiReading of(File file) {
    return switch (this) {
      case Found(var data) when data.containsKey(file.key()) ->
          OpenApiReader.read(data.get(file.key()));
      case Found _ ->
          new Unreadable(
              "",
              "Put the document into ConfigMap %s, under data, %s.".formatted(file, file.key()));
      case Missing() ->
          new Unreadable(
              "", "Create ConfigMap %s with the document under %s.".formatted(file, file.key()));
      case Forbidden() ->
          new Unreadable(
              "",
              "The operator may not watch ConfigMap %s: grant it, by name (openApi.configMaps of"
                      .formatted(file)
                  + " the chart).");
    };
  }
}
