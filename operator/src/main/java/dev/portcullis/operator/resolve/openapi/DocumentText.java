package dev.portcullis.operator.resolve.openapi;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * YAML or JSON -> maps, lists and scalars, within bounds: a text of a few lines can stand for more
 * than fits into memory. A key twice, a cycle and a second document are refused, since others would
 * read them in their own way.
 */
final class DocumentText {

  /** As much as a ConfigMap can hold. */
  static final int MOST_CHARACTERS = 1 << 20;

  static final int DEEPEST = 64;

  /** Aliases counted as often as they are used. */
  static final int MOST_VALUES = 200_000;

  private static final int MOST_ALIASES = 1000;

  private static final LoadSettings YAML =
      LoadSettings.builder()
          .setLabel("document")
          .setCodePointLimit(MOST_CHARACTERS)
          .setMaxAliasesForCollections(MOST_ALIASES)
          .setAllowDuplicateKeys(false)
          .setAllowRecursiveKeys(false)
          .setAllowNonScalarKeys(false)
          .build();

  private static final ObjectReader JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxStringLength(MOST_CHARACTERS)
                          .maxDocumentLength(4L * MOST_CHARACTERS)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(Object.class);

  private int values;

  private DocumentText() {}

  /**
   * @throws Unfit when it is neither, or not within the bounds
   */
  static Object parse(String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw new Unfit("", "Make the document shorter: at most 1 MiB is read.");
    }
    var tree = text.stripLeading().startsWith("{") ? json(text) : yaml(text);
    new DocumentText().walk(tree, 0, "#");
    return tree;
  }

  private static Object json(String text) {
    try {
      return JSON.readValue(text);
    } catch (JsonProcessingException notJson) {
      var place = notJson.getLocation();
      throw new Unfit(
          "",
          "Write the document as JSON: line %d, column %d cannot be read, or says something twice."
              .formatted(
                  place == null ? 0 : place.getLineNr(), place == null ? 0 : place.getColumnNr()));
    }
  }

  /** Its depth comes first: what reads the whole calls itself for each level. */
  private static Object yaml(String text) {
    try {
      requireShallow(new Parse(YAML).parseString(text));
      return new Load(YAML).loadFromString(text);
    } catch (MarkedYamlEngineException notYaml) {
      var line = notYaml.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      throw new Unfit("", "Write the document as YAML: line %d, %s.".formatted(line, why(notYaml)));
    } catch (YamlEngineException notYaml) {
      throw new Unfit("", "Write the document as one YAML of modest size, without cycles.");
    }
  }

  /** The parser's own words, which quote at most a key. */
  private static String why(MarkedYamlEngineException notYaml) {
    var problem = notYaml.getProblem();
    return problem == null || problem.length() > 120 ? "it cannot be read" : problem.strip();
  }

  private static void requireShallow(Iterable<Event> events) {
    var depth = 0;
    for (var event : events) {
      switch (event.getEventId()) {
        case SequenceStart, MappingStart -> depth++;
        case SequenceEnd, MappingEnd -> depth--;
        case Alias, Comment, DocumentEnd, DocumentStart, Scalar, StreamEnd, StreamStart -> {}
      }
      if (depth > DEEPEST) {
        throw new Unfit("", "Nest the document less deeply: at most %d levels.".formatted(DEEPEST));
      }
    }
  }

  private void walk(Object value, int depth, String pointer) {
    if (++values > MOST_VALUES || depth > DEEPEST) {
      throw new Unfit(
          "",
          "Make the document smaller: with its aliases written out it has more than %d values, or no"
                  .formatted(MOST_VALUES)
              + " end.");
    }
    switch (value) {
      case Map<?, ?> fields -> fields.forEach((key, each) -> walk(key, each, depth, pointer));
      case List<?> items -> items.forEach(each -> walk(each, depth + 1, pointer));
      case null, default -> {}
    }
  }

  private void walk(Object key, Object value, int depth, String pointer) {
    if ("<<".equals(key)) {
      throw new Unfit(pointer, "Write out what the merge key '<<' stands for: OpenAPI has none.");
    }
    // Deep pointers are rare in messages and cost memory on every value.
    walk(value, depth + 1, depth < 4 ? Node.below(pointer, String.valueOf(key)) : pointer);
  }
}
