package dev.portcullis.operator.resolve;

import dev.portcullis.api.v1alpha1.RouteSpec;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.PathMatch.Exact;
import dev.portcullis.operator.intent.PathMatch.Prefix;
import dev.portcullis.operator.intent.PathMatch.Template;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code path} of a route: exactly one of three, already in the form that requests arrive in. */
final class PathReader {

  private static final PathMatch NOTHING = new Exact("/");
  private static final String RESERVED = "/.well-known/portcullis";
  private static final List<String> DOTS = List.of(".", "..");

  /** What neither a server nor the gate could take for something else than a plain segment. */
  private static final String CHARACTERS = "[A-Za-z0-9._~!$&'()+,:@=-]";

  private static final Pattern PLAIN = Pattern.compile("/|(/" + CHARACTERS + "+)+/?");
  private static final Pattern SEGMENTS =
      Pattern.compile("(/(" + CHARACTERS + "+|\\{[A-Za-z][A-Za-z0-9_]{0,15}}))+");

  /** Envoy's own limit. */
  private static final int MAX_VARIABLES = 5;

  static PathMatch read(RouteSpec.Path path, At at) {
    if (path == null
        || Stream.of(path.exact(), path.prefix(), path.template()).filter(Objects::nonNull).count()
            != 1) {
      at.invalid("Give exactly one of exact, prefix or template.");
      return NOTHING;
    }
    if (path.exact() != null) {
      requireNormal(path.exact(), PLAIN, at.field("exact"));
      return new Exact(path.exact());
    }
    return path.prefix() != null
        ? prefix(path.prefix(), at.field("prefix"))
        : template(path.template(), at.field("template"));
  }

  private static PathMatch prefix(String prefix, At at) {
    requireNormal(prefix, PLAIN, at);
    if (prefix.endsWith("/") && !prefix.equals("/")) {
      at.invalid("Remove the trailing '/': a prefix matches whole segments by itself.");
    }
    return new Prefix(prefix);
  }

  private static PathMatch template(String template, At at) {
    requireNormal(template, SEGMENTS, at);
    var variables =
        Arrays.stream(template.split("/")).filter(each -> each.startsWith("{")).toList();
    if (variables.size() > MAX_VARIABLES || new HashSet<>(variables).size() < variables.size()) {
      at.invalid("Use at most %d variables, each name once.", MAX_VARIABLES);
    }
    return new Template(template);
  }

  private static void requireNormal(String path, Pattern syntax, At at) {
    var segments = List.of(path.split("/"));
    if (!syntax.matcher(path).matches() || segments.stream().anyMatch(DOTS::contains)) {
      at.invalid(
          "Write the path as the application sees it: from '/', without empty, '.' or '..'"
              + " segments, escapes, queries or fragments.");
    }
    if (isReserved(path)) {
      at.invalid("Choose another path: %s belongs to the gate.", RESERVED);
    }
  }

  /** What a document's paths stand behind. */
  static void requireBase(String base, At at) {
    requireNormal(base, PLAIN, at);
    if (base.endsWith("/") && !base.equals("/")) {
      at.invalid("Remove the trailing '/': the paths of the document begin with one.");
    }
  }

  /** Whether it is the gate's own. */
  static boolean isReserved(String path) {
    return path.equals(RESERVED) || path.startsWith(RESERVED + "/");
  }

  private PathReader() {}
}
