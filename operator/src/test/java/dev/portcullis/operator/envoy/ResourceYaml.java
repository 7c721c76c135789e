package dev.portcullis.operator.envoy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.portcullis.operator.envoytest.EnvoyTypes;
import java.io.UncheckedIOException;

/** Envoy's resources as readable YAML, and back. */
final class ResourceYaml {

  private static final JsonMapper JSON = new JsonMapper();
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
          .build();
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer()
          .usingTypeRegistry(EnvoyTypes.REGISTRY)
          .preservingProtoFieldNames()
          .sortingMapKeys();
  private static final JsonFormat.Parser PARSER =
      JsonFormat.parser().usingTypeRegistry(EnvoyTypes.REGISTRY);

  static String of(Message message) {
    try {
      return YAML.writeValueAsString(JSON.readTree(PRINTER.print(message)));
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static <B extends Message.Builder> B read(String yaml, B into) {
    try {
      PARSER.merge(JSON.writeValueAsString(YAML.readTree(yaml)), into);
      return into;
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private ResourceYaml() {}
}
