package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** One line of the route table. The first that matches a request decides. */
sealed interface Endpoint {

  /** As access logs tell it; never the name of another one. */
  String name();

  /** A path that some stack behind would read as another one; answered like an unknown path. */
  record DisguisedPath() implements Endpoint {
    @Override
    public String name() {
      return "portcullis:disguised-path";
    }
  }

  /** A route of the policy; the two halves of an operation with an optional body share its name. */
  record Known(Route route) implements Endpoint {
    @Override
    public String name() {
      return route.name();
    }
  }

  /** A path of the policy under a method that none of its {@code routes} has. */
  record WrongMethod(PathMatch path, List<Route> routes) implements Endpoint {
    @Override
    public String name() {
      return "portcullis:wrong-method:" + routes.getFirst().name();
    }
  }

  /** A documented operation under a media type that it is not documented with. */
  record WrongMediaType(Route route) implements Endpoint {
    @Override
    public String name() {
      return "portcullis:wrong-media-type:" + route.name();
    }
  }

  /**
   * A documented path with a value that none of its {@code operations} takes; answered like an
   * unknown path, and never left to a path that takes more.
   */
  record WrongParameter(PathMatch.Documented path, List<Route> operations) implements Endpoint {
    @Override
    public String name() {
      return "portcullis:wrong-parameter:" + operations.getFirst().name();
    }
  }

  /** A path of WebSockets that is asked for something else, which no other route has. */
  record NoHandshake(Route route) implements Endpoint {
    @Override
    public String name() {
      return "portcullis:no-handshake:" + route.name();
    }
  }

  /** Everything else. */
  record UnknownPath() implements Endpoint {
    @Override
    public String name() {
      return "portcullis:unknown-path";
    }
  }

  /**
   * Whether what its rules refuse is let through all the same. A path that some stack would read as
   * another one never is: that is no rule of the policy.
   */
  default boolean isShadowedIn(BackendIntent intent) {
    return switch (this) {
      case DisguisedPath() -> false;
      case Known(var route) -> intent.isShadowed(route);
      case WrongMediaType(var route) -> intent.isShadowed(route);
      case WrongMethod(_, var routes) ->
          intent.isShadowed() && routes.stream().allMatch(intent::isShadowed);
      case WrongParameter(_, var operations) ->
          intent.isShadowed() && operations.stream().allMatch(intent::isShadowed);
      case NoHandshake(var route) -> intent.isShadowed() && intent.isShadowed(route);
      case UnknownPath() -> intent.isShadowed();
    };
  }

  /** The whole table: what the policy knows, between two refusals. */
  static List<Endpoint> tableOf(BackendIntent intent) {
    var own = intent.routes().stream().filter(route -> !route.isDocumented()).toList();
    var documented = new DocumentedEndpoints(intent.routes());
    var table = new ArrayList<Endpoint>();
    table.add(new DisguisedPath());
    own.forEach(route -> table.add(new Known(route)));
    table.addAll(documented.table());
    own.stream().filter(Route::isOfWebSockets).forEach(route -> table.add(new NoHandshake(route)));
    table.addAll(wrongMethods(own.stream().filter(route -> !documented.knows(route)).toList()));
    table.add(new UnknownPath());
    return List.copyOf(table);
  }

  static List<WrongMethod> wrongMethods(List<Route> routes) {
    var byPath = new LinkedHashMap<PathMatch, List<Route>>();
    for (var route : routes) {
      byPath.computeIfAbsent(route.path(), path -> new ArrayList<>()).add(route);
    }
    return byPath.entrySet().stream()
        .map(entry -> new WrongMethod(entry.getKey(), List.copyOf(entry.getValue())))
        .toList();
  }
}
