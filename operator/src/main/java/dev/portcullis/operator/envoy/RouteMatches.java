package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.PathMatch;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Paths and methods as Envoy matches them. */
final class RouteMatches {

  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9-]+");

  /**
   * Path parameters, which servlet stacks cut off; percent signs, semicolons and control characters
   * under a percent code, which a second decoding would bring to life; and over-long UTF-8.
   */
  private static final String DISGUISED = ".*(;|%25|%3[bB]|%[01][0-9a-fA-F]|%7[fF]|%[cC][01]).*";

  static RouteMatch.Builder path(PathMatch path) {
    return switch (path) {
      case PathMatch.Exact(var exact) -> RouteMatch.newBuilder().setPath(exact);
      case PathMatch.Prefix(var prefix) -> prefix(prefix);
      case PathMatch.Template(var template) -> template(template);
      case PathMatch.Documented documented -> DocumentedPath.match(documented);
    };
  }

  static RouteMatch.Builder anyPath() {
    return RouteMatch.newBuilder().setPrefix("/");
  }

  static RouteMatch.Builder disguisedPath() {
    return RouteMatch.newBuilder().setSafeRegex(RegexMatcher.newBuilder().setRegex(DISGUISED));
  }

  static HeaderMatcher method(List<String> methods) {
    var matcher =
        methods.size() == 1
            ? StringMatcher.newBuilder().setExact(methods.getFirst())
            : StringMatcher.newBuilder().setSafeRegex(anyOf(methods));
    return HeaderMatcher.newBuilder().setName(":method").setStringMatch(matcher).build();
  }

  /**
   * Envoy's own prefix by segments refuses a slash at the end, where plain prefix does the same.
   */
  private static RouteMatch.Builder prefix(String prefix) {
    return prefix.endsWith("/")
        ? RouteMatch.newBuilder().setPrefix(prefix)
        : RouteMatch.newBuilder().setPathSeparatedPrefix(prefix);
  }

  private static RouteMatch.Builder template(String template) {
    var config = UriTemplateMatchConfig.newBuilder().setPathTemplate(template).build();
    return RouteMatch.newBuilder()
        .setPathMatchPolicy(
            Packed.extension("envoy.path.match.uri_template.uri_template_matcher", config));
  }

  private static RegexMatcher anyOf(List<String> methods) {
    return RegexMatcher.newBuilder()
        .setRegex(methods.stream().map(RouteMatches::quoted).collect(Collectors.joining("|")))
        .build();
  }

  private static String quoted(String method) {
    return WORD.matcher(method).matches() ? method : Pattern.quote(method);
  }

  private RouteMatches() {}
}
