package dev.portcullis.operator.everyfield;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Specs that nobody has written: samples crossed with each other, and then with what was accepted
 * of those, so that valid ones go further from the samples with each step; the smaller part of them
 * is given invalid and hostile values. Equal seeds and equal verdicts give equal specs.
 */
public final class PolicyGenerator {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int MOST_STEPS = 3;
  private static final int MOST_ACCEPTED = 200;
  private static final double HOSTILE_PART = 0.3;
  private static final Set<String> NAMED_BY_ROUTES = Set.of("callers", "authentication", "routes");
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
  private final List<JsonNode> samples = Samples.enforced();
  private final List<JsonNode> invalid = Samples.specs("invalid-");
  private final List<JsonNode> accepted = new ArrayList<>();
  private final List<SchemaLeaf> leaves = SchemaLeaf.all();
  private final List<Step> sound =
      List.of(
          this::withAPartOfAnother,
          this::withAValueOfAnother,
          this::withAValueOfAnother,
          this::withAnItemOfAnother,
          this::withoutAPart);
  private final List<Step> hostile =
      List.of(
          this::withAnInvalidValue,
          this::withAHostileValue,
          this::withAHostileValue,
          this::withAnItemTwice);

  public PolicyGenerator(long seed) {
    this.random = new Random(seed);
  }

  /** The next spec. */
  public JsonNode next() {
    var spec = any(random.nextBoolean() ? pool() : samples).deepCopy();
    for (var left = 1 + random.nextInt(MOST_STEPS); left > 0; left--) {
      spec = any(sound).applyTo(spec);
    }
    return random.nextDouble() < HOSTILE_PART ? any(hostile).applyTo(spec) : spec;
  }

  /** To be told of every spec that was taken: others will be made of it. */
  public void accepted(JsonNode spec) {
    if (accepted.size() < MOST_ACCEPTED) {
      accepted.add(spec);
    } else {
      accepted.set(random.nextInt(MOST_ACCEPTED), spec);
    }
  }

  private List<JsonNode> pool() {
    return accepted.isEmpty() ? samples : accepted;
  }

  private JsonNode withAPartOfAnother(JsonNode spec) {
    var other = any(samples);
    var name = any(other.propertyStream().map(field -> field.getKey()).toList());
    var copy = ((ObjectNode) spec.deepCopy()).set(name, other.get(name).deepCopy());
    if (NAMED_BY_ROUTES.contains(name)) {
      copy.path("routes").forEach(PolicyGenerator::forgetNames);
    }
    return copy;
  }

  private static void forgetNames(JsonNode route) {
    if (route instanceof ObjectNode fields) {
      fields.remove(List.of("callers", "authentication"));
    }
  }

  /** Lists that must not hold a value twice stay as they are. */
  private JsonNode withAValueOfAnother(JsonNode spec) {
    var changed = withAValueOf(samples, spec);
    var lists = new ArrayList<ArrayNode>();
    collectLists(changed, lists);
    return lists.stream().allMatch(PolicyGenerator::areDifferent) ? changed : spec;
  }

  private static boolean areDifferent(ArrayNode list) {
    return list.valueStream().distinct().count() == list.size();
  }

  private JsonNode withAnInvalidValue(JsonNode spec) {
    return withAValueOf(invalid, spec);
  }

  /** Changes nothing where the others do not set the field. */
  private JsonNode withAValueOf(List<JsonNode> others, JsonNode spec) {
    if (present(spec).isEmpty()) {
      return spec;
    }
    var leaf = any(present(spec));
    var values =
        others.stream()
            .flatMap(other -> leaf.places(other).stream().map(place -> place.in(other)))
            .toList();
    return values.isEmpty() ? spec : any(leaf.places(spec)).put(spec, any(values));
  }

  private JsonNode withAHostileValue(JsonNode spec) {
    var found = present(spec);
    return found.isEmpty() ? spec : any(any(found).places(spec)).put(spec, any(HOSTILE));
  }

  /** A route, a caller, a rate more. */
  private JsonNode withAnItemOfAnother(JsonNode spec) {
    var copy = spec.deepCopy();
    var other = any(pool());
    var lists =
        copy.propertyStream()
            .filter(field -> field.getValue().isArray() && other.path(field.getKey()).size() > 0)
            .toList();
    if (!lists.isEmpty()) {
      var list = any(lists);
      var items = other.get(list.getKey());
      var item = items.get(random.nextInt(items.size())).deepCopy();
      rename(item, "x" + list.getValue().size());
      ((ArrayNode) list.getValue()).add(item);
    }
    return copy;
  }

  /** So that it is not what is there already; the routes' paths begin with the new name. */
  private static void rename(JsonNode item, String name) {
    if (item instanceof ObjectNode fields && fields.has("name")) {
      fields.put("name", name);
      forgetNames(fields);
      if (fields.path("path") instanceof ObjectNode path) {
        path.properties()
            .forEach(kind -> path.put(kind.getKey(), "/" + name + kind.getValue().asText()));
      }
    }
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
    var found = present(spec);
    if (found.isEmpty()) {
      return spec;
    }
    var place = any(any(found).places(spec));
    var part = new Place(place.way().subList(0, 1 + random.nextInt(place.way().size())));
    var without = part.remove(spec);
    return part.parent().in(without).isEmpty() ? spec : without;
  }

  private List<SchemaLeaf> present(JsonNode spec) {
    return leaves.stream().filter(leaf -> !leaf.places(spec).isEmpty()).toList();
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
