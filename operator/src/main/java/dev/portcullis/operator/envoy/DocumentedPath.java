package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.PathMatch.Documented;
import dev.portcullis.operator.intent.PathMatch.Segment;
import dev.portcullis.operator.intent.PathMatch.Values;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A documented path as Envoy matches it: by the text before its first variable, which costs next to
 * nothing, and then by regular expressions on the whole.
 *
 * <p>Envoy takes regular expressions of {@value #LARGEST} instructions at most. A path that needs
 * more is matched by several: one for the number of its segments, and one for each segment.
 */
final class DocumentedPath {

  /** Envoy's limit is 100, and a program of nothing has 5. */
  static final int LARGEST = 94;

  private static final String PATH = ":path";
  private static final Pattern SPECIAL = Pattern.compile("[.+*?()|\\[\\]{}^$\\\\]");
  private static final String QUERY = "(?:\\?.*)?";
  private static final int QUERY_SIZE = 5;

  /** Envoy asks for headers before the path, and for the next one only where one matches. */
  static RouteMatch.Builder match(Documented path) {
    var text = textBeforeVariables(path);
    var begin = StringMatcher.newBuilder().setPrefix(text);
    return RouteMatch.newBuilder()
        .setPrefix(text)
        .addHeaders(HeaderMatcher.newBuilder().setName(PATH).setStringMatch(begin))
        .addAllHeaders(shape(path));
  }

  /** The same path, whatever its variables are. */
  static Documented ofAnyValue(Documented path) {
    return new Documented(
        path.template(), path.segments().stream().map(DocumentedPath::ofAnyValue).toList());
  }

  private static Segment ofAnyValue(Segment segment) {
    return segment.text().matches("\\{[^{}]*}")
        ? new Segment(segment.text(), Optional.of(Values.ANY))
        : segment;
  }

  private static String textBeforeVariables(Documented path) {
    return path.template().substring(0, path.template().indexOf('{'));
  }

  private static List<HeaderMatcher> shape(Documented path) {
    var segments = path.segments();
    var whole = segments.stream().mapToInt(segment -> 1 + size(segment)).sum() + QUERY_SIZE;
    return whole <= LARGEST
        ? List.of(path(join(segments) + QUERY))
        : Stream.concat(
                Stream.of(path(number(segments) + QUERY)),
                IntStream.range(leading(segments), segments.size())
                    .filter(index -> isTelling(segments.get(index)))
                    .mapToObj(index -> path(alone(segments, index))))
            .toList();
  }

  /** Segments that the text before the first variable has told already. */
  private static int leading(List<Segment> segments) {
    return (int) segments.stream().takeWhile(segment -> segment.values().isEmpty()).count();
  }

  private static String number(List<Segment> segments) {
    return segments.getLast().text().isEmpty()
        ? "(?:/[^/?]+){" + (segments.size() - 1) + "}/"
        : "(?:/[^/?]+){" + segments.size() + "}";
  }

  private static boolean isTelling(Segment segment) {
    return !segment.text().isEmpty() && !segment.values().equals(Optional.of(Values.ANY));
  }

  /** Counted from the nearer end: each segment that is skipped costs instructions. */
  private static String alone(List<Segment> segments, int index) {
    var behind = segments.size() - 1 - index;
    var here = "/" + regex(segments.get(index));
    return index <= behind
        ? "(?:/[^/?]*){" + index + "}" + here + "(?:[/?].*)?"
        : "[^?]*" + here + "(?:/[^/?]*){" + behind + "}" + QUERY;
  }

  private static String join(List<Segment> segments) {
    return segments.stream().map(segment -> "/" + regex(segment)).collect(Collectors.joining());
  }

  private static String regex(Segment segment) {
    return segment
        .values()
        .map(values -> "(?:" + values.regex() + ")")
        .orElseGet(() -> SPECIAL.matcher(segment.text()).replaceAll("\\\\$0"));
  }

  private static int size(Segment segment) {
    return segment.values().map(Values::size).orElse(segment.text().length());
  }

  private static HeaderMatcher path(String regex) {
    return HeaderMatcher.newBuilder()
        .setName(PATH)
        .setStringMatch(
            StringMatcher.newBuilder().setSafeRegex(RegexMatcher.newBuilder().setRegex(regex)))
        .build();
  }

  private DocumentedPath() {}
}
