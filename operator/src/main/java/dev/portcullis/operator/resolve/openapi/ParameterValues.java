package dev.portcullis.operator.resolve.openapi;

import dev.portcullis.operator.intent.PathMatch.Values;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which values a path parameter takes, as far as a regular expression can say it exactly.
 *
 * @param values what is checked; {@link Values#ANY} where nothing is
 * @param unchecked a sentence about what is not checked; empty where all is
 */
record ParameterValues(Values values, Optional<String> unchecked) {

  /** Envoy runs programs of at most 100 instructions, and the rest of a path takes some. */
  private static final int LARGEST = 85;

  private static final Values INTEGER = new Values("-?[0-9]+", 4);
  private static final Values NUMBER = new Values("-?[0-9]+(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", 16);
  private static final Values BOOLEAN = new Values("true|false", 10);
  private static final Values UUID =
      new Values("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", 68);
  private static final Values DATE =
      new Values("[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])", 24);

  /** Keywords that narrow a schema, and that no expression says. */
  private static final List<String> NARROWING =
      List.of(
          "allOf",
          "anyOf",
          "oneOf",
          "not",
          "if",
          "maxLength",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf");

  static ParameterValues of(Node parameter) {
    var style = parameter.at("style").text().orElse("simple");
    if (!style.equals("simple")) {
      return anything("Values in style %s are not checked.".formatted(style));
    }
    if (!parameter.has("schema")) {
      return anything("Without a schema, its values are not checked.");
    }
    var schema = parameter.at("schema");
    if (schema.has("$ref") && schema.names().count() > 1) {
      return anything("A schema beside a $ref is not read.");
    }
    return ofSchema(schema.resolved());
  }

  private static ParameterValues ofSchema(Node schema) {
    var listed = listed(schema);
    if (listed.isPresent()) {
      return fitting(listed.get(), Optional.empty(), "The values of enum");
    }
    return switch (type(schema)) {
      case "integer" -> fitting(INTEGER, unchecked(schema, "format"), "Its type");
      case "number" -> fitting(NUMBER, unchecked(schema, "none"), "Its type");
      case "boolean" -> fitting(BOOLEAN, unchecked(schema, "none"), "Its type");
      case "string" -> ofText(schema);
      case "" ->
          schema.has("pattern") || schema.has("format")
              ? ofText(schema)
              : new ParameterValues(Values.ANY, unchecked(schema, "none"));
      case String other -> anything("Values of type %s are not checked.".formatted(other));
    };
  }

  /** Empty without a list, or where one of its values is none that arrives in one spelling. */
  private static Optional<Values> listed(Node schema) {
    var values =
        schema.has("const")
            ? Stream.of(schema.at("const")).map(Node::value).toList()
            : schema.at("enum").items().map(Node::value).toList();
    return values.stream().allMatch(ParameterValues::isScalar)
        ? SegmentPattern.anyOf(values.stream().map(String::valueOf).toList())
        : Optional.empty();
  }

  private static boolean isScalar(Object value) {
    return value instanceof String || value instanceof Integer || value instanceof Boolean;
  }

  private static ParameterValues ofText(Node schema) {
    var pattern = schema.at("pattern").text().flatMap(SegmentPattern::of);
    if (pattern.filter(values -> values.size() <= LARGEST).isPresent()) {
      return new ParameterValues(pattern.get(), unchecked(schema, "format"));
    }
    return switch (schema.at("format").text().orElse("")) {
      case "uuid" -> fitting(UUID, unchecked(schema, "pattern"), "Its format");
      case "date" -> fitting(DATE, unchecked(schema, "pattern"), "Its format");
      case String _ -> new ParameterValues(Values.ANY, unchecked(schema, "pattern", "format"));
    };
  }

  private static ParameterValues fitting(Values values, Optional<String> unchecked, String what) {
    return values.size() <= LARGEST
        ? new ParameterValues(values, unchecked)
        : anything(what + " take more than one regular expression holds.");
  }

  private static ParameterValues anything(String why) {
    return new ParameterValues(Values.ANY, Optional.of(why));
  }

  private static Optional<String> unchecked(Node schema, String... more) {
    var found =
        Stream.of(
                Stream.of("const", "enum"),
                Stream.of(more),
                NARROWING.stream(),
                Stream.of("minLength").filter(name -> !isOneAtMost(schema.at(name).value())))
            .flatMap(each -> each)
            .filter(schema::has)
            .toList();
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of("Not checked: %s.".formatted(String.join(", ", found)));
  }

  /** No segment is empty. */
  private static boolean isOneAtMost(Object value) {
    return value instanceof Integer length && length <= 1;
  }

  /** Empty where none is given; in 3.1 there may be several, of which null never arrives. */
  private static String type(Node schema) {
    var types =
        schema.at("type").text().stream().toList().isEmpty()
            ? schema.at("type").items().flatMap(each -> each.text().stream()).toList()
            : List.of(schema.at("type").text().orElseThrow());
    var arriving = types.stream().filter(type -> !type.equals("null")).toList();
    return String.join(" or ", arriving);
  }
}
