package dev.portcullis.operator.envoy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether a request takes a line of the compiled route table, read from the very message that Envoy
 * gets. What is not understood here is an error, never a guess.
 *
 * @param headers by name, with {@code :method} and {@code :path} as normalised, query included
 */
record LineMatch(Map<String, String> headers) {

  /** What Envoy lets a variable of a template be. */
  private static final String VARIABLE = "[A-Za-z0-9._~%!$&'()+,;:@=-]+";

  boolean takes(RouteMatch line) {
    return takesPath(line, headers.get(":path").split("\\?", 2)[0])
        && line.getHeadersList().stream().allMatch(this::holds);
  }

  private static boolean takesPath(RouteMatch line, String path) {
    return switch (line.getPathSpecifierCase()) {
      case PATH -> path.equals(line.getPath());
      case PREFIX -> path.startsWith(line.getPrefix());
      case PATH_SEPARATED_PREFIX ->
          path.equals(line.getPathSeparatedPrefix())
              || path.startsWith(line.getPathSeparatedPrefix() + "/");
      case SAFE_REGEX -> Pattern.matches(line.getSafeRegex().getRegex(), path);
      case PATH_MATCH_POLICY -> takesTemplate(line.getPathMatchPolicy(), path);
      case CONNECT_MATCHER, PATHSPECIFIER_NOT_SET -> throw unknown(line.toString());
    };
  }

  private static boolean takesTemplate(TypedExtensionConfig policy, String path) {
    try {
      var template = policy.getTypedConfig().unpack(UriTemplateMatchConfig.class).getPathTemplate();
      var regex =
          Arrays.stream(template.split("/", -1))
              .map(segment -> segment.startsWith("{") ? VARIABLE : Pattern.quote(segment))
              .collect(Collectors.joining("/"));
      return Pattern.matches(regex, path);
    } catch (InvalidProtocolBufferException e) {
      throw unknown(policy.toString());
    }
  }

  private boolean holds(HeaderMatcher matcher) {
    var value = headers.get(matcher.getName());
    return switch (matcher.getHeaderMatchSpecifierCase()) {
      case PRESENT_MATCH ->
          ((value != null) == matcher.getPresentMatch()) != matcher.getInvertMatch();
      case STRING_MATCH -> {
        var text = value == null && matcher.getTreatMissingHeaderAsEmpty() ? "" : value;
        yield text != null && matches(matcher.getStringMatch(), text) != matcher.getInvertMatch();
      }
      default -> throw unknown(matcher.toString());
    };
  }

  private static boolean matches(StringMatcher matcher, String text) {
    return switch (matcher.getMatchPatternCase()) {
      case EXACT ->
          matcher.getIgnoreCase()
              ? text.equalsIgnoreCase(matcher.getExact())
              : text.equals(matcher.getExact());
      case PREFIX -> text.startsWith(matcher.getPrefix());
      case SAFE_REGEX -> Pattern.matches(matcher.getSafeRegex().getRegex(), text);
      default -> throw unknown(matcher.toString());
    };
  }

  private static IllegalStateException unknown(String condition) {
    return new IllegalStateException("a condition that is not understood: " + condition);
  }
}
