package dev.portcullis.operator.everyfield;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** One place in a document: the keys and indexes that lead to it. */
record Place(List<String> way) {

  JsonNode in(JsonNode document) {
    var node = document;
    for (var key : way) {
      node = child(node, key);
    }
    return node;
  }

  /** What is here, if anything is. */
  Optional<JsonNode> find(JsonNode document) {
    var node = Optional.of(document);
    for (var key : way) {
      node = node.map(each -> child(each, key));
    }
    return node;
  }

  /** A copy of the document with another value here. */
  JsonNode put(JsonNode document, JsonNode value) {
    var copy = document.deepCopy();
    switch (parent().in(copy)) {
      case ArrayNode list -> list.set(Integer.parseInt(way.getLast()), value);
      case ObjectNode fields -> fields.set(way.getLast(), value);
      default -> throw new IllegalArgumentException(way + " leads nowhere");
    }
    return copy;
  }

  /** A copy of the document without what is here. */
  JsonNode remove(JsonNode document) {
    var copy = document.deepCopy();
    switch (parent().in(copy)) {
      case ArrayNode list -> list.remove(Integer.parseInt(way.getLast()));
      case ObjectNode fields -> fields.remove(way.getLast());
      default -> throw new IllegalArgumentException(way + " leads nowhere");
    }
    return copy;
  }

  /** Where it is held; the document itself for what is at its top. */
  Place parent() {
    return new Place(way.subList(0, way.size() - 1));
  }

  static JsonNode child(JsonNode node, String key) {
    return node.isArray() ? node.get(Integer.parseInt(key)) : node.get(key);
  }

  @Override
  public String toString() {
    return String.join("/", way);
  }
}
