package dev.portcullis.operator.everyfield;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Other values for a field: those of the schema, those of the samples, and near misses. */
final class Variations {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int MOST = 12;
  private static final List<String> AMOUNTS = List.of("3s", "700ms", "2m", "7Ki", "3Mi", "77");

  private Variations() {}

  /** The spec with another value at the place, or with none; most of them are worth a try only. */
  static List<JsonNode> of(SchemaLeaf leaf, Place place, JsonNode spec) {
    var current = place.in(spec);
    var specs =
        values(leaf, current)
            .filter(value -> !value.equals(current))
            .distinct()
            .limit(MOST)
            .map(value -> place.put(spec, value))
            .toList();
    var all = new ArrayList<>(specs);
    all.add(place.remove(spec));
    return all;
  }

  private static Stream<JsonNode> values(SchemaLeaf leaf, JsonNode current) {
    if (leaf.schema().getEnum() != null && !leaf.schema().getEnum().isEmpty()) {
      return leaf.schema().getEnum().stream();
    }
    return switch (current.getNodeType()) {
      case BOOLEAN -> Stream.of(JSON.booleanNode(!current.booleanValue()));
      case NUMBER -> Stream.of(1, -1, 100).map(by -> JSON.numberNode(current.intValue() + by));
      case STRING -> Stream.concat(mined(leaf), near(current.textValue()));
      case ARRAY, BINARY, MISSING, NULL, OBJECT, POJO ->
          throw new IllegalArgumentException(leaf + " is no leaf: " + current);
    };
  }

  private static Stream<JsonNode> mined(SchemaLeaf leaf) {
    return Samples.valuesOf(leaf).stream().sorted(Variations::byText).limit(MOST / 2);
  }

  private static int byText(JsonNode one, JsonNode other) {
    return one.asText().compareTo(other.asText());
  }

  private static Stream<JsonNode> near(String text) {
    return Stream.concat(Stream.of(text + "x"), AMOUNTS.stream()).map(JSON::textNode);
  }
}
