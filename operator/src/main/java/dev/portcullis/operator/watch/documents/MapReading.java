package dev.portcullis.operator.watch.documents;

import dev.portcullis.operator.resolve.DocumentReferences.File;
import dev.portcullis.operator.resolve.descriptors.DescriptorReader;
import dev.portcullis.operator.resolve.descriptors.DescriptorReading;
import dev.portcullis.operator.resolve.openapi.OpenApiReader;
import dev.portcullis.operator.resolve.openapi.OpenApiReading;
import dev.portcullis.operator.watch.documents.Documents.Known;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.Map;
import java.util.Optional;

/** What a watch of a ConfigMap has told. */
sealed interface MapReading {

  /**
   * It is there.
   *
   * @param binary in base64
   */
  record Found(Map<String, String> data, Map<String, String> binary) implements MapReading {
    static Found of(ConfigMap map) {
      return new Found(orNothing(map.getData()), orNothing(map.getBinaryData()));
    }

    private static Map<String, String> orNothing(Map<String, String> entries) {
      return Optional.ofNullable(entries).map(Map::copyOf).orElse(Map.of());
    }
  }

  record Missing() implements MapReading {}

  /** The operator was not granted it, or not any more. */
  record Forbidden() implements MapReading {}

  /** What a policy that refers to this file gets to know. */
  default Known of(File file) {
    return switch (file.kind()) {
      case OPENAPI -> new Known.Now(Optional.of(openApi(file)));
      case DESCRIPTOR_SET -> new Known.Descriptors(descriptors(file));
    };
  }

  private OpenApiReading openApi(File file) {
    return switch (this) {
      case Found(var data, _) when data.containsKey(file.key()) ->
          OpenApiReader.read(data.get(file.key()));
      case Found _ ->
          new OpenApiReading.Unreadable(
              "",
              "Put the document into ConfigMap %s, under data, %s.".formatted(file, file.key()));
      case Missing() ->
          new OpenApiReading.Unreadable(
              "", "Create ConfigMap %s with the document under %s.".formatted(file, file.key()));
      case Forbidden() -> new OpenApiReading.Unreadable("", notGranted(file));
    };
  }

  private DescriptorReading descriptors(File file) {
    return switch (this) {
      case Found(_, var binary) when binary.containsKey(file.key()) ->
          DescriptorReader.read(binary.get(file.key()));
      case Found _ ->
          new DescriptorReading.Unusable(
              "Put the descriptor set into ConfigMap %s, under binaryData, %s."
                  .formatted(file, file.key()));
      case Missing() ->
          new DescriptorReading.Unusable(
              "Create ConfigMap %s with the descriptor set under %s.".formatted(file, file.key()));
      case Forbidden() -> new DescriptorReading.Unusable(notGranted(file));
    };
  }

  private static String notGranted(File file) {
    return "The operator may not watch ConfigMap %s: grant it, by name (openApi.configMaps of"
            .formatted(file)
        + " the chart).";
  }
}
