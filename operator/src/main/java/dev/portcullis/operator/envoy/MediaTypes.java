package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.DocumentedBody;
import dev.portcullis.operator.intent.Route;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;

/** What the header Content-Type may say. Parameters are not looked at, and hold no comma. */
final class MediaTypes {

  private static final String HEADER = "content-type";
  // A second value of the header would stand behind a comma.
  private static final String PARAMETERS = "(?:[ \t]*;[^,]*)?";
  private static final String TOKEN = "[^/;, \t]+";

  static final HeaderMatcher ABSENT =
      HeaderMatcher.newBuilder().setName(HEADER).setPresentMatch(true).setInvertMatch(true).build();

  /** All of these hold for requests without one of the operation's types, and so without any. */
  static List<HeaderMatcher> noneOf(Route operation) {
    return operation.body().orElse(null) instanceof DocumentedBody.Typed(var types, _)
        ? types.stream().map(MediaTypes::not).toList()
        : List.of();
  }

  private static HeaderMatcher not(String mediaType) {
    return HeaderMatcher.newBuilder()
        .setName(HEADER)
        .setStringMatch(
            StringMatcher.newBuilder()
                .setSafeRegex(RegexMatcher.newBuilder().setRegex(regex(mediaType))))
        .setTreatMissingHeaderAsEmpty(true)
        .setInvertMatch(true)
        .build();
  }

  private static String regex(String mediaType) {
    var pattern = mediaType.replaceAll("[.+$^]", "\\\\$0").replace("*", TOKEN);
    return "(?i:" + pattern + ")" + PARAMETERS;
  }

  private MediaTypes() {}
}
