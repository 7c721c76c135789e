package dev.portcullis.operator.golden;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A tree of records as readable YAML: components in their order, empty ones left out, the case of a
 * sealed type as a key above its components.
 */
public final class RecordYaml {

  private static final YAMLMapper MAPPER =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
          .build();

  /** Ends with a line feed. */
  public static String of(Object value) {
    try {
      return MAPPER.writeValueAsString(plain(value));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Object plain(Object value) {
    return switch (value) {
      case Record leaf when hasOwnText(leaf) -> leaf.toString();
      case Record node ->
          isCase(node) ? Map.of(caseName(node), components(node)) : components(node);
      case Collection<?> items -> items.stream().map(RecordYaml::plain).toList();
      case Map<?, ?> entries -> plain(entries);
      case Optional<?> maybe -> maybe.map(RecordYaml::plain).orElse(null);
      case Number number -> number;
      case Boolean flag -> flag;
      case null, default -> String.valueOf(value);
    };
  }

  private static Map<String, Object> plain(Map<?, ?> entries) {
    var result = new LinkedHashMap<String, Object>();
    entries.forEach((key, value) -> result.put(key.toString(), plain(value)));
    return result;
  }

  private static Map<String, Object> components(Record node) {
    var result = new LinkedHashMap<String, Object>();
    for (var component : node.getClass().getRecordComponents()) {
      var value = read(component, node);
      if (!isEmpty(value)) {
        result.put(component.getName(), plain(value));
      }
    }
    return result;
  }

  private static Object read(RecordComponent component, Record node) {
    try {
      return component.getAccessor().invoke(node);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static boolean isEmpty(Object value) {
    return switch (value) {
      case Collection<?> items -> items.isEmpty();
      case Map<?, ?> entries -> entries.isEmpty();
      case Optional<?> maybe -> maybe.isEmpty();
      case null, default -> false;
    };
  }

  /** A record that says in one word what it is, such as an id or a key. */
  private static boolean hasOwnText(Record node) {
    return !node.toString().startsWith(node.getClass().getSimpleName() + "[");
  }

  private static boolean isCase(Record node) {
    return Stream.of(node.getClass().getInterfaces()).anyMatch(Class::isSealed);
  }

  private static String caseName(Record node) {
    return node.getClass().getSimpleName();
  }

  private RecordYaml() {}
}
