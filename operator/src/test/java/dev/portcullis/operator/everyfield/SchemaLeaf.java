package dev.portcullis.operator.everyfield;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A field of a policy's {@code spec} that holds a value and no further fields.
 *
 * @param path names on the way; {@code []} stands for any item of a list, {@code {}} for any key of
 *     a map
 */
record SchemaLeaf(List<String> path, JSONSchemaProps schema) {

  static final String ITEM = "[]";
  static final String KEY = "{}";

  private static final String CRD = "/crds/apibackendpolicies.portcullis.dev-v1.yaml";

  /** In the order of the schema. */
  static List<SchemaLeaf> all() {
    var leaves = new ArrayList<SchemaLeaf>();
    collect(List.of(), spec(), leaves::add);
    return leaves;
  }

  private static JSONSchemaProps spec() {
    try (var yaml = ApiBackendPolicy.class.getResourceAsStream(CRD)) {
      return Serialization.unmarshal(yaml, CustomResourceDefinition.class)
          .getSpec()
          .getVersions()
          .getFirst()
          .getSchema()
          .getOpenAPIV3Schema()
          .getProperties()
          .get("spec");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void collect(
      List<String> path, JSONSchemaProps schema, Consumer<SchemaLeaf> found) {
    if (schema.getProperties() != null && !schema.getProperties().isEmpty()) {
      schema.getProperties().forEach((name, each) -> collect(below(path, name), each, found));
    } else if (schema.getItems() != null) {
      collect(below(path, ITEM), schema.getItems().getSchema(), found);
    } else if (schema.getAdditionalProperties() != null) {
      collect(below(path, KEY), schema.getAdditionalProperties().getSchema(), found);
    } else {
      found.accept(new SchemaLeaf(path, schema));
    }
  }

  private static List<String> below(List<String> path, String name) {
    var longer = new ArrayList<>(path);
    longer.add(name);
    return List.copyOf(longer);
  }

  /** Every place of this field in a spec, the first one first. */
  List<Place> places(JsonNode spec) {
    var found = new ArrayList<Place>();
    descend(spec, 0, List.of(), found);
    return found;
  }

  private void descend(JsonNode node, int depth, List<String> way, List<Place> found) {
    if (depth == path.size()) {
      found.add(new Place(way));
      return;
    }
    keys(node, path.get(depth))
        .forEach(key -> descend(Place.child(node, key), depth + 1, below(way, key), found));
  }

  private static List<String> keys(JsonNode node, String name) {
    return switch (node) {
      case ArrayNode list when name.equals(ITEM) ->
          IntStream.range(0, list.size()).mapToObj(Integer::toString).toList();
      case ObjectNode map when name.equals(KEY) ->
          map.propertyStream().map(e -> e.getKey()).toList();
      case ObjectNode fields when fields.has(name) -> List.of(name);
      default -> List.of();
    };
  }

  @Override
  public String toString() {
    return String.join(".", path).replace("." + ITEM, ITEM).replace("." + KEY, KEY);
  }
}
