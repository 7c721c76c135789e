package dev.portcullis.operator.resolve;

import dev.portcullis.api.v1alpha1.OpenApiSpec;
import dev.portcullis.operator.intent.Documentation;
import dev.portcullis.operator.intent.Documentation.Point;
import dev.portcullis.operator.intent.Documentation.Points;
import dev.portcullis.operator.intent.DocumentedBody;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.PathMatch.Documented;
import dev.portcullis.operator.intent.PathMatch.Exact;
import dev.portcullis.operator.intent.PathMatch.Values;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.resolve.openapi.OpenApiDocument;
import dev.portcullis.operator.resolve.openapi.OpenApiDocument.BasePath;
import dev.portcullis.operator.resolve.openapi.OpenApiDocument.Operation;
import dev.portcullis.operator.resolve.openapi.OpenApiReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code spec.openApi}: routes for what a document has and the policy's own routes leave.
 *
 * @param own the policy's own routes
 * @param inherited a route with everything that the policy says for all
 */
record OpenApiRoutes(OpenApiSpec spec, List<Route> own, Route inherited) {

  /** As many as a status can show. */
  private static final int TOLD = 10;

  /**
   * @param routes in the order in which they decide
   */
  record Derived(List<Route> routes, Optional<Documentation> documentation) {
    static final Derived NOTHING = new Derived(List.of(), Optional.empty());
  }

  Derived read(Optional<OpenApiReading> reading, At at) {
    return switch (reading.orElse(null)) {
      case null -> refused(at, "The document was not read yet.");
      case OpenApiReading.Unreadable unreadable -> refused(at, unreadable.sentence());
      case OpenApiReading.Read(var document) -> read(document, at);
    };
  }

  private static Derived refused(At at, String sentence) {
    at.invalid("%s", sentence);
    return Derived.NOTHING;
  }

  private Derived read(OpenApiDocument document, At at) {
    if (spec.basePath() != null) {
      PathReader.requireBase(spec.basePath(), at.field("basePath"));
      return derived(document, spec.basePath(), at);
    }
    return switch (document.basePath()) {
      case BasePath.Known(var base) -> derived(document, base, at);
      case BasePath.Unknown(var pointer, var message) -> refused(at, pointer + ": " + message);
    };
  }

  private Derived derived(OpenApiDocument document, String base, At at) {
    var names = new OperationNames(own.stream().map(Route::name).toList());
    var routes = new ArrayList<Route>();
    var denied = new ArrayList<>(document.denied());
    var left = new ArrayList<Point>();
    for (var operation : document.operations()) {
      var path = new PathWithBase(base, operation);
      if (path.isTooLong()) {
        denied.add(new Point(operation.pointer(), "With the base path it has too many segments."));
        continue;
      }
      var route = route(operation, path.match(), names);
      var decider = own.stream().filter(each -> decides(each, route)).findFirst();
      decider.ifPresentOrElse(
          by -> left.add(new Point(operation.pointer(), decidedBy(by))),
          () -> {
            routes.add(route);
            path.unchecked().forEach(why -> left.add(new Point(operation.pointer(), why)));
          });
    }
    routes.stream()
        .map(route -> route.path() instanceof Exact(var text) ? text : "")
        .filter(PathReader::isReserved)
        .findFirst()
        .ifPresent(path -> at.invalid("Choose another path than %s: it is the gate's.", path));
    if (routes.isEmpty() && own.isEmpty()) {
      at.invalid("Document at least one operation that can be served: the rest is denied.");
    }
    var told = new Told(points(denied), points(left, document.notEnforced()));
    return new Derived(routes, Optional.of(documentation(document, base, routes, told)));
  }

  private static String decidedBy(Route route) {
    return "Route '%s' of the policy decides alone: nothing of the document is checked there."
        .formatted(route.name());
  }

  private static boolean decides(Route own, Route documented) {
    return !own.isOfWebSockets()
        && own.methods().containsAll(documented.methods())
        && RouteCoverage.covers(own.path(), documented.path());
  }

  private Route route(Operation operation, PathMatch path, OperationNames names) {
    return new Route(
        names.of(operation),
        path,
        List.of(operation.method()),
        inherited.callers(),
        inherited.proof(),
        inherited.rateLimits(),
        inherited.maxRequestBytes(),
        inherited.requestTimeout(),
        inherited.idleTimeout(),
        Optional.of(operation.body()));
  }

  /** The lists of a report. */
  private record Told(Points denied, Points notEnforced) {}

  private Documentation documentation(
      OpenApiDocument document, String base, List<Route> routes, Told told) {
    return new Documentation(
        spec.configMapRef().name(),
        DocumentReferences.keyOf(spec.configMapRef()),
        document.openapi(),
        document.sha256(),
        base,
        document.count(),
        routes.size(),
        enforced(routes),
        told.denied(),
        told.notEnforced());
  }

  private static List<String> enforced(List<Route> routes) {
    var variables =
        routes.stream()
            .flatMap(
                route -> route.path() instanceof Documented path ? Stream.of(path) : Stream.of())
            .flatMap(path -> path.segments().stream())
            .flatMap(segment -> segment.values().stream())
            .toList();
    var checked = variables.stream().filter(values -> !values.equals(Values.ANY)).count();
    var typed = routes.stream().filter(OpenApiRoutes::isTyped).count();
    return List.of(
        "paths and methods: %d operations".formatted(routes.size()),
        "values of path segments: %d of %d with variables".formatted(checked, variables.size()),
        "media types of request bodies: %d operations".formatted(typed),
        "no request body: %d operations".formatted(routes.size() - typed));
  }

  private static boolean isTyped(Route route) {
    return route.body().orElse(null) instanceof DocumentedBody.Typed;
  }

  @SafeVarargs
  private static Points points(List<Point>... lists) {
    var all = Stream.of(lists).flatMap(List::stream).toList();
    return new Points(all.stream().limit(TOLD).toList(), Math.max(0, all.size() - TOLD));
  }
}
