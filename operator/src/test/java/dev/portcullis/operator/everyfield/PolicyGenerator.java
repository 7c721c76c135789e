package dev.portcullis.operator.everyfield;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Specs that nobody has written: samples crossed with each other, with values of other samples,
 * valid and not, with hostile ones, with items doubled and parts left out. Equal seeds give equal
 * specs.
 */
public final class PolicyGenerator {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int MOST_STEPS = 4;
  private static final List<JsonNode> HOSTILE =
      List.of(
          JSON.textNode(""),
          JSON.textNode("x".repeat(5000)),
          JSON.textNode("%DOWNSTREAM_PEER_CERT%"),
          JSON.textNode("%REQ(authorization)%%"),
          JSON.textNode("../../etc/passwd"),
          JSON.textNode("/a/{b}/**"),
          JSON.textNode("a\r\nx-injected: yes"),
          JSON.textNode("a\u0000b"),
          JSON.textNode("{\"@type\": \"type.googleapis.com/x\"}"),
          JSON.textNode("*"),
          JSON.textNode("(a+)+$"),
          JSON.textNode("\u202e\ud83d\udca3"),
          JSON.textNode("-1s"),
          JSON.textNode("9999999h"),
          JSON.numberNode(-1),
          JSON.numberNode(0),
          JSON.numberNode(Integer.MAX_VALUE),
          JSON.numberNode(Long.MAX_VALUE),
          JSON.booleanNode(true),
          JSON.nullNode());

  /** One change of a spec by chance. */
  private interface Step {
    JsonNode applyTo(JsonNode spec);
  }

  private final Random random;
  private final List<JsonNode> valid = Samples.valid();
  private final List<JsonNode> invalid = Samples.specs("invalid-");
  private final List<SchemaLeaf> leaves = SchemaLeaf.all();
  private final List<Step> steps =
      List.of(
          this::withAPartOfAnother,
          this::withAValueOfAnother,
          this::withAValueOfAnother,
          this::withAnInvalidValue,
          this::withAHostileValue,
          this::withAnItemTwice,
          this::withoutAPart);

  public PolicyGenerator(long seed) {
    this.random = new Random(seed);
  }

  /** The next spec; about half of them are valid. */
  public JsonNode next() {
    var spec = any(valid).deepCopy();
    for (var left = random.nextInt(MOST_STEPS + 1); left > 0 && !present(spec).isEmpty(); left--) {
      spec = any(steps).applyTo(spec);
    }
    return spec;
  }

  private JsonNode withAPartOfAnother(JsonNode spec) {
    var other = any(valid);
    var name = any(other.propertyStream().map(field -> field.getKey()).toList());
    return ((ObjectNode) spec.deepCopy()).set(name, other.get(name).deepCopy());
  }

  private JsonNode withAValueOfAnother(JsonNode spec) {
    return withAValueOf(valid, spec);
  }

  private JsonNode withAnInvalidValue(JsonNode spec) {
    return withAValueOf(invalid, spec);
  }

  /** Changes nothing where the others do not set the field. */
  private JsonNode withAValueOf(List<JsonNode> others, JsonNode spec) {
    var leaf = any(present(spec));
    var values =
        others.stream()
            .flatMap(other -> leaf.places(other).stream().map(place -> place.in(other)))
            .toList();
    return values.isEmpty() ? spec : any(leaf.places(spec)).put(spec, any(values));
  }

  private JsonNode withAHostileValue(JsonNode spec) {
    return any(any(present(spec)).places(spec)).put(spec, any(HOSTILE));
  }

  private JsonNode withAnItemTwice(JsonNode spec) {
    var copy = spec.deepCopy();
    var lists = new ArrayList<ArrayNode>();
    collectLists(copy, lists);
    if (!lists.isEmpty()) {
      var list = any(lists);
      list.add(list.get(random.nextInt(list.size())).deepCopy());
    }
    return copy;
  }

  private static void collectLists(JsonNode node, List<ArrayNode> found) {
    if (node instanceof ArrayNode list && !list.isEmpty()) {
      found.add(list);
    }
    node.forEach(child -> collectLists(child, found));
  }

  private JsonNode withoutAPart(JsonNode spec) {
    var place = any(any(present(spec)).places(spec));
    var depth = 1 + random.nextInt(place.way().size());
    return new Place(place.way().subList(0, depth)).remove(spec);
  }

  private List<SchemaLeaf> present(JsonNode spec) {
    return leaves.stream().filter(leaf -> !leaf.places(spec).isEmpty()).toList();
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
