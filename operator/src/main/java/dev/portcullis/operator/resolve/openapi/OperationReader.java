package dev.portcullis.operator.resolve.openapi;

import dev.portcullis.operator.intent.Documentation.Point;
import dev.portcullis.operator.intent.DocumentedBody;
import dev.portcullis.operator.intent.DocumentedBody.Presence;
import dev.portcullis.operator.intent.PathMatch.Values;
import dev.portcullis.operator.resolve.openapi.Gaps.About;
import dev.portcullis.operator.resolve.openapi.OpenApiDocument.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * One operation.
 *
 * @param path as it is documented
 */
record OperationReader(String path, PathTemplate template, Surroundings surroundings) {

  /** More would make a rule of which each request pays for all. */
  private static final int MOST_MEDIA_TYPES = 16;

  /**
   * @param item what holds for each method of the path
   */
  record Surroundings(Node item, Gaps gaps) {}

  /** What is read, or why nothing can be served. */
  sealed interface Outcome {
    record Served(Operation operation) implements Outcome {}

    record Denied(Point point) implements Outcome {}
  }

  Outcome read(String method) {
    var operation = surroundings.item.at(method);
    var parameters = parameters(operation);
    var body = body(operation);
    tellTheRest(operation, parameters);
    var bound = template;
    for (var variable : template.variables()) {
      var values = valuesOf(variable, parameters.get("path " + variable), operation);
      bound = bound.with(variable, values);
    }
    if (body.isEmpty()) {
      return new Outcome.Denied(
          new Point(
              operation.at("requestBody").pointer(),
              "It names from 1 to %d media types of at most 70 characters, or the operation is"
                      .formatted(MOST_MEDIA_TYPES)
                  + " not served."));
    }
    return new Outcome.Served(
        new Operation(
            operation.pointer(),
            operation.at("operationId").text().orElse(""),
            method.toUpperCase(Locale.ROOT),
            path,
            bound.segments(),
            body.get()));
  }

  /** By place and name; those of the operation before those of its path. */
  private Map<String, Node> parameters(Node operation) {
    var found = new LinkedHashMap<String, Node>();
    for (var place : List.of(operation, surroundings.item)) {
      place
          .at("parameters")
          .items()
          .map(Node::resolved)
          .forEach(
              each ->
                  found.putIfAbsent(
                      each.at("in").text().orElse("") + " " + each.at("name").text().orElse(""),
                      each));
    }
    return found;
  }

  private Values valuesOf(String variable, Node parameter, Node operation) {
    if (parameter == null) {
      gap(About.PATH, operation, "Nothing says what {%s} may be.".formatted(variable));
      return Values.ANY;
    }
    if (!template.isSegment(variable)) {
      gap(About.PATH, parameter, "Beside other characters of its segment it is not checked.");
      return Values.ANY;
    }
    var values = ParameterValues.of(parameter);
    values.unchecked().ifPresent(why -> gap(About.PATH, parameter, why));
    return values.values();
  }

  /** Empty where nothing of it can be matched. */
  private Optional<DocumentedBody> body(Node operation) {
    if (!operation.has("requestBody")) {
      return Optional.of(new DocumentedBody.None());
    }
    var body = operation.at("requestBody").resolved();
    var keys = body.at("content").names().toList();
    var types = new TreeSet<String>();
    for (var key : keys) {
      var place = body.at("content").at(key);
      MediaTypeNames.bare(key)
          .ifPresentOrElse(
              types::add, () -> gap(About.MEDIA_TYPE, place, "No media type: it is denied."));
      if (MediaTypeNames.hasParameters(key)) {
        gap(About.MEDIA_TYPE, place, "Parameters of a media type are not checked.");
      }
      if (place.has("schema")) {
        gap(About.BODY, place.at("schema"), "Schemas of bodies are not checked.");
      }
    }
    var presence = body.at("required").isTrue() ? Presence.REQUIRED : Presence.OPTIONAL;
    return types.isEmpty() || types.size() > MOST_MEDIA_TYPES
        ? Optional.empty()
        : Optional.of(new DocumentedBody.Typed(new ArrayList<>(types), presence));
  }

  private void tellTheRest(Node operation, Map<String, Node> parameters) {
    if (OpenApiReader.asksForSecurity(operation)) {
      gap(About.SECURITY, operation.at("security"), OpenApiReader.SECURITY);
    }
    for (var parameter : parameters.values()) {
      var in = parameter.at("in").text().orElse("other");
      if (!in.equals("path")) {
        gap(About.PARAMETER, parameter, "Parameters in %s are not checked.".formatted(in));
      } else if (!template.variables().contains(parameter.at("name").text().orElse(""))) {
        gap(About.PATH, parameter, "The path has no variable of this name.");
      }
    }
  }

  private void gap(About about, Node place, String reason) {
    surroundings.gaps.add(about, place, reason);
  }
}
