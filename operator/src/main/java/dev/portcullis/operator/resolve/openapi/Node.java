package dev.portcullis.operator.resolve.openapi;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A place in a document.
 *
 * @param value a map, a list or a scalar; null where there is nothing
 * @param pointer from the root, to be shown: names of more than {@value #MOST_SHOWN} characters are
 *     cut
 * @param root of the document, which references lead into
 */
record Node(Object value, String pointer, Object root) {

  private static final int MOST_HOPS = 16;
  private static final int MOST_SHOWN = 160;

  static Node rootOf(Object tree) {
    return new Node(tree, "#", tree);
  }

  static String below(String pointer, String name) {
    return pointer + "/" + shown(name).replace("~", "~0").replace("/", "~1");
  }

  /** A text of the document as conditions and logs can bear it. */
  static String shown(String text) {
    return text.substring(0, Math.min(text.length(), MOST_SHOWN)).replaceAll("\\p{Cntrl}", "?");
  }

  boolean isObject() {
    return value instanceof Map<?, ?>;
  }

  boolean has(String name) {
    return value instanceof Map<?, ?> fields && fields.containsKey(name);
  }

  /** What is below this name, which may be nothing. */
  Node at(String name) {
    var inside = value instanceof Map<?, ?> fields ? fields.get(name) : null;
    return new Node(inside, below(pointer, name), root);
  }

  Optional<Node> find(String name) {
    return has(name) ? Optional.of(at(name)) : Optional.empty();
  }

  /** The names below this one, in the document's order. */
  Stream<String> names() {
    return value instanceof Map<?, ?> fields
        ? fields.keySet().stream().map(String::valueOf)
        : Stream.empty();
  }

  Stream<Node> items() {
    return value instanceof List<?> list
        ? IntStream.range(0, list.size())
            .mapToObj(index -> new Node(list.get(index), pointer + "/" + index, root))
        : Stream.empty();
  }

  Optional<String> text() {
    return value instanceof String text ? Optional.of(text) : Optional.empty();
  }

  boolean isTrue() {
    return Boolean.TRUE.equals(value);
  }

  /**
   * What stands here after every reference was followed.
   *
   * @throws Unfit for one that leads out of the document, to nothing, or back to itself
   */
  Node resolved() {
    var here = this;
    var passed = new HashSet<String>();
    while (here.at("$ref").text().isPresent()) {
      if (!passed.add(here.pointer) || passed.size() > MOST_HOPS) {
        throw new Unfit(pointer, "Let $ref end somewhere: it leads back to itself, or on and on.");
      }
      here = here.target();
    }
    return here;
  }

  private Node target() {
    var reference = at("$ref").text().orElse("");
    if (!reference.startsWith("#/")) {
      throw new Unfit(
          below(pointer, "$ref"),
          "Put into this document what it refers to: only references that begin with '#/' are"
              + " followed, and nothing is ever fetched.");
    }
    var place = rootOf(root);
    for (var step : reference.substring(2).split("/", -1)) {
      place = place.step(decoded(step));
    }
    if (place.value == null) {
      throw new Unfit(below(pointer, "$ref"), "Refer to something that is in the document.");
    }
    return place;
  }

  private Node step(String name) {
    if (value instanceof List<?> list && name.matches("[0-9]{1,6}")) {
      var index = Integer.parseInt(name);
      return new Node(index < list.size() ? list.get(index) : null, pointer + "/" + index, root);
    }
    return at(name);
  }

  private static String decoded(String step) {
    try {
      var plain = URLDecoder.decode(step.replace("+", "%2B"), StandardCharsets.UTF_8);
      return plain.replace("~1", "/").replace("~0", "~");
    } catch (IllegalArgumentException noEscape) {
      return step;
    }
  }
}
