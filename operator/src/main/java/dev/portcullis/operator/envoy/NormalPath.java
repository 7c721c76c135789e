package dev.portcullis.operator.envoy;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The one spelling of a path that routes are compared with, as {@link PathNormalisation} asks. */
final class NormalPath {

  private static final Pattern REFUSED = Pattern.compile("(?i).*(%2f|%5c|%00|#).*");
  private static final Pattern ESCAPED = Pattern.compile("%([0-9a-fA-F]{2})");
  private static final Pattern UNRESERVED = Pattern.compile("[A-Za-z0-9._~-]");

  /** With its query, as it was sent; empty for a path that is refused. */
  static Optional<String> of(String target) {
    var mark = target.indexOf('?');
    var path = mark < 0 ? target : target.substring(0, mark);
    var query = mark < 0 ? "" : target.substring(mark);
    return REFUSED.matcher(path).matches() || query.contains("#") || !path.startsWith("/")
        ? Optional.empty()
        : Optional.of(withoutDots(unescaped(path)).replaceAll("/{2,}", "/") + query);
  }

  private static String unescaped(String path) {
    return ESCAPED
        .matcher(path.replace('\\', '/'))
        .replaceAll(
            found -> {
              var letter = Character.toString(Integer.parseInt(found.group(1), 16));
              return UNRESERVED.matcher(letter).matches() ? letter : found.group();
            });
  }

  /** Before slashes are merged: an empty segment is one that two dots take away. */
  private static String withoutDots(String path) {
    var segments = List.of(path.substring(1).split("/", -1));
    var kept = new ArrayDeque<String>();
    for (var segment : segments) {
      switch (segment) {
        case "." -> {}
        case ".." -> kept.pollLast();
        default -> kept.add(segment);
      }
    }
    var endsInDots = List.of(".", "..").contains(segments.getLast());
    return "/" + String.join("/", kept) + (endsInDots && !kept.isEmpty() ? "/" : "");
  }

  private NormalPath() {}
}
