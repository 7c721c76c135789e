package dev.portcullis.operator.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.PathMatch.Documented;
import dev.portcullis.operator.intent.PathMatch.Exact;
import dev.portcullis.operator.intent.PathMatch.Prefix;
import dev.portcullis.operator.intent.PathMatch.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the rule with its meaning, over every small path and every small pattern. */
class RouteCoverageTest {

  private static final List<String> PATHS = paths(List.of("/a", "/b", "/c"), 4);

  @Test
  void coversExactlyWhenEveryPathOfTheNarrowOneMatchesTheWideOne() {
    for (var wide : patterns()) {
      for (var narrow : patterns()) {
        assertThat(RouteCoverage.covers(wide, narrow))
            .as("%s covers %s", wide, narrow)
            .isEqualTo(matchesAllThat(wide, narrow));
      }
    }
  }

  private static boolean matchesAllThat(PathMatch wide, PathMatch narrow) {
    return PATHS.stream().filter(path -> matches(narrow, path)).allMatch(p -> matches(wide, p));
  }

  private static boolean matches(PathMatch match, String path) {
    return switch (match) {
      case Exact(var exact) -> path.equals(exact);
      case Prefix(var prefix) ->
          prefix.equals("/") || path.equals(prefix) || path.startsWith(prefix + "/");
      case Template(var template) ->
          Pattern.matches(template.replaceAll("\\{[^}]*}", "[^/]+"), path);
      case Documented(var template, _) -> matches(new Template(template), path);
    };
  }

  /** An operation that is hidden by a route is left out; one that is not must stay. */
  @Test
  void aDocumentedPathIsCoveredByWhatCoversItsTemplate() {
    for (var wide : patterns()) {
      for (var text : List.of("/{y}", "/a/{y}", "/{y}/b", "/{y}/")) {
        var documented = new Documented(text, List.of());
        var isCovered = RouteCoverage.covers(wide, documented);

        assertThat(isCovered)
            .as("%s covers %s", wide, text)
            .isEqualTo(matchesAllThat(wide, documented));
      }
    }
  }

  private static List<PathMatch> patterns() {
    var constants = paths(List.of("/a", "/b"), 2);
    var templates = paths(List.of("/a", "/b", "/{x}"), 2);
    return Stream.of(
            constants.stream().<PathMatch>map(Exact::new),
            constants.stream()
                .filter(path -> path.equals("/") || !path.endsWith("/"))
                .<PathMatch>map(Prefix::new),
            templates.stream().filter(path -> !path.endsWith("/")).<PathMatch>map(Template::new))
        .flatMap(each -> each)
        .toList();
  }

  /** Every path of up to {@code depth} segments, with and without a trailing slash. */
  private static List<String> paths(List<String> segments, int depth) {
    var result = new ArrayList<String>();
    var longest = List.of("");
    for (var length = 0; length < depth; length++) {
      longest =
          longest.stream().flatMap(path -> segments.stream().map(each -> path + each)).toList();
      result.addAll(longest);
    }
    var slashed = result.stream().map(path -> path + "/").toList();
    result.addAll(slashed);
    result.add("/");
    return result;
  }
}
