package dev.portcullis.operator.resolve;

import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.PathMatch.Documented;
import dev.portcullis.operator.intent.PathMatch.Exact;
import dev.portcullis.operator.intent.PathMatch.Prefix;
import dev.portcullis.operator.intent.PathMatch.Template;
import dev.portcullis.operator.intent.Route;
import java.util.List;

/**
 * Which routes can never match because an earlier one takes everything that they match. The proxy
 * accepts those without a word, and the callers and limits written on them protect nothing.
 */
final class RouteCoverage {

  static void requireReachable(List<Route> routes, At at) {
    for (var index = 1; index < routes.size(); index++) {
      var route = routes.get(index);
      for (var earlier : routes.subList(0, index)) {
        report(earlier, route, at.item(index));
      }
    }
  }

  private static void report(Route earlier, Route route, At at) {
    var taken = route.methods().stream().filter(earlier.methods()::contains).toList();
    // A route of WebSockets leaves all else to those behind it; others leave no handshake.
    var leaves = earlier.isOfWebSockets() && !route.isOfWebSockets();
    if (!leaves && !taken.isEmpty() && covers(earlier.path(), route.path())) {
      at.invalid(
          "Move it above route '%s', which takes every %s request that it matches.",
          earlier.name(), String.join("/", taken));
    }
  }

  /** Whether every path that {@code narrow} matches, {@code wide} matches too. */
  static boolean covers(PathMatch wide, PathMatch narrow) {
    return switch (wide) {
      case Exact exact -> exact.equals(narrow) || isConstant(narrow, exact.path());
      case Prefix prefix -> startsWith(segments(text(narrow)), segments(prefix.path()));
      case Template template -> covers(template, narrow);
      case Documented documented -> documented.equals(narrow);
    };
  }

  private static boolean covers(Template wide, PathMatch narrow) {
    var pattern = segments(wide.template());
    return switch (narrow) {
      case Exact exact -> !exact.path().endsWith("/") && matches(pattern, segments(exact.path()));
      case Template template -> matches(pattern, segments(template.template()));
      case Documented documented ->
          !documented.template().endsWith("/") && matches(pattern, segments(documented.template()));
      case Prefix _ -> false;
    };
  }

  private static boolean isConstant(PathMatch path, String constant) {
    return path instanceof Template(var template)
        && template.equals(constant)
        && template.indexOf('{') < 0;
  }

  private static boolean startsWith(List<String> path, List<String> prefix) {
    return path.size() >= prefix.size() && path.subList(0, prefix.size()).equals(prefix);
  }

  private static boolean matches(List<String> pattern, List<String> path) {
    if (pattern.size() != path.size()) {
      return false;
    }
    for (var index = 0; index < pattern.size(); index++) {
      var wanted = pattern.get(index);
      if (!isVariable(wanted) && !wanted.equals(path.get(index))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isVariable(String segment) {
    return segment.startsWith("{");
  }

  private static String text(PathMatch path) {
    return switch (path) {
      case Exact(var text) -> text;
      case Prefix(var text) -> text;
      case Template(var text) -> text;
      case Documented(var text, _) -> text;
    };
  }

  /** None for {@code /}; a trailing slash adds none. */
  private static List<String> segments(String path) {
    return path.equals("/") ? List.of() : List.of(path.substring(1).split("/"));
  }

  private RouteCoverage() {}
}
