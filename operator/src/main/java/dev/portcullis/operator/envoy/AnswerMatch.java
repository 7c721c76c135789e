package dev.portcullis.operator.envoy;

import com.github.xds.type.matcher.v3.Matcher;
import com.github.xds.type.matcher.v3.Matcher.MatcherList;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.FieldMatcher;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate.SinglePredicate;
import com.github.xds.type.matcher.v3.Matcher.OnMatch;
import com.github.xds.type.matcher.v3.RegexMatcher;
import com.github.xds.type.matcher.v3.RegexMatcher.GoogleRE2;
import com.github.xds.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcher;
import io.envoyproxy.envoy.extensions.filters.common.matcher.action.v3.SkipFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.matcher.v3.HttpResponseHeaderMatchInput;

/** Filters that see some answers alone, by the answers' headers. */
final class AnswerMatch {

  /** The filter, skipped for all answers but these. */
  static HttpFilter on(Predicate answers, String name, TypedExtensionConfig filter) {
    var some =
        ExtensionWithMatcher.newBuilder()
            .setExtensionConfig(filter)
            .setXdsMatcher(skippingAllBut(answers))
            .build();
    return Packed.filter(name, some);
  }

  static Predicate header(String name, String regex) {
    var value =
        StringMatcher.newBuilder()
            .setSafeRegex(
                RegexMatcher.newBuilder()
                    .setGoogleRe2(GoogleRE2.getDefaultInstance())
                    .setRegex(regex));
    var input = HttpResponseHeaderMatchInput.newBuilder().setHeaderName(name).build();
    return Predicate.newBuilder()
        .setSinglePredicate(
            SinglePredicate.newBuilder()
                .setInput(Packed.xdsExtension(name, input))
                .setValueMatch(value))
        .build();
  }

  private static Matcher skippingAllBut(Predicate answers) {
    var others = Predicate.newBuilder().setNotMatcher(answers);
    var skip = Packed.xdsExtension("skip", SkipFilter.getDefaultInstance());
    return Matcher.newBuilder()
        .setMatcherList(
            MatcherList.newBuilder()
                .addMatchers(
                    FieldMatcher.newBuilder()
                        .setPredicate(others)
                        .setOnMatch(OnMatch.newBuilder().setAction(skip))))
        .build();
  }

  private AnswerMatch() {}
}
