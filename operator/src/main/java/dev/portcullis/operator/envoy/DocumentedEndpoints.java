package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.DocumentedBody;
import dev.portcullis.operator.intent.DocumentedBody.NoneAndUntyped;
import dev.portcullis.operator.intent.DocumentedBody.Typed;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What an API document knows, path by path. A path is decided within its own lines: what none of
 * them takes is refused by the last, and never looked for under a path that takes more.
 */
final class DocumentedEndpoints {

  private final Map<String, List<Route>> own = new LinkedHashMap<>();
  private final Map<String, List<Route>> documented = new LinkedHashMap<>();

  /**
   * @param routes of the whole policy, in its order
   */
  DocumentedEndpoints(List<Route> routes) {
    for (var route : routes) {
      (route.isDocumented() ? documented : own)
          .computeIfAbsent(text(route.path()), path -> new ArrayList<>())
          .add(route);
    }
  }

  /** Whether a route of the policy itself has a path that is documented word for word. */
  boolean knows(Route route) {
    return documented.containsKey(text(route.path()));
  }

  List<Endpoint> table() {
    return documented.entrySet().stream()
        .flatMap(path -> lines(path.getValue(), own.getOrDefault(path.getKey(), List.of())))
        .toList();
  }

  private static Stream<Endpoint> lines(List<Route> operations, List<Route> alsoKnown) {
    return Stream.of(
            operations.stream().flatMap(DocumentedEndpoints::lines),
            wrongMethods(operations, alsoKnown),
            wrongParameter(operations))
        .flatMap(each -> each);
  }

  private static Stream<Endpoint> lines(Route operation) {
    var known = new Endpoint.Known(operation);
    return switch (operation.body().orElse(new DocumentedBody.None())) {
      case DocumentedBody.None() -> Stream.of(known);
      case NoneAndUntyped() -> Stream.of(known);
      case Typed(_, var presence) -> {
        var wrong = new Endpoint.WrongMediaType(operation);
        yield switch (presence) {
          case REQUIRED -> Stream.of(wrong, known);
          case OPTIONAL ->
              Stream.of(new Endpoint.Known(operation.with(new NoneAndUntyped())), wrong, known);
        };
      }
    };
  }

  private static Stream<Endpoint> wrongMethods(List<Route> operations, List<Route> alsoKnown) {
    return Endpoint.wrongMethods(operations).stream()
        .map(
            line ->
                new Endpoint.WrongMethod(
                    line.path(),
                    Stream.concat(line.routes().stream(), alsoKnown.stream()).toList()));
  }

  private static Stream<Endpoint> wrongParameter(List<Route> operations) {
    return operations.stream()
        .map(Route::path)
        .flatMap(path -> path instanceof PathMatch.Documented same ? Stream.of(same) : Stream.of())
        .filter(path -> !path.equals(DocumentedPath.ofAnyValue(path)))
        .findFirst()
        .map(path -> new Endpoint.WrongParameter(path, operations))
        .stream()
        .map(each -> each);
  }

  private static String text(PathMatch path) {
    return switch (path) {
      case PathMatch.Exact(var text) -> text;
      case PathMatch.Prefix(var text) -> text + "/**";
      case PathMatch.Template(var text) -> text;
      case PathMatch.Documented(var text, _) -> text;
    };
  }
}
