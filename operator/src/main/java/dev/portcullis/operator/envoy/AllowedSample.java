package dev.portcullis.operator.envoy;

import com.github.xds.type.matcher.v3.Matcher;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate.SinglePredicate;
import com.github.xds.type.matcher.v3.Matcher.OnMatch;
import com.github.xds.type.matcher.v3.RegexMatcher;
import com.github.xds.type.matcher.v3.RegexMatcher.GoogleRE2;
import com.github.xds.type.matcher.v3.StringMatcher;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Share;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcher;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcherPerRoute;
import io.envoyproxy.envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue;
import io.envoyproxy.envoy.extensions.filters.http.composite.v3.Composite;
import io.envoyproxy.envoy.extensions.filters.http.composite.v3.ExecuteFilterAction;
import io.envoyproxy.envoy.extensions.filters.http.set_filter_state.v3.Config;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.FilterStateInput;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import io.envoyproxy.envoy.type.v3.FractionalPercent.DenominatorType;

/**
 * Draws requests for {@link AllowedLog}, as many as the route says: by Envoy's own random numbers,
 * so that no caller chooses, and in the routes, so that another share drains no connection. Who is
 * drawn has a mark that no client reaches; all others pay for one random number.
 */
final class AllowedSample implements Feature {

  private static final String DRAWN = "portcullis.allowed_sample";

  /** In the access log: the share by which the request was drawn. */
  static final String SHARE = "%FILTER_STATE(" + DRAWN + ":PLAIN)%";

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    if (AllowedLog.isAskedBy(intent)) {
      var draws =
          ExtensionWithMatcher.newBuilder()
              .setExtensionConfig(Packed.extension("composite", Composite.getDefaultInstance()))
              .setXdsMatcher(Matcher.getDefaultInstance())
              .build();
      http.addHttpFilters(Packed.filter(FilterNames.ALLOWED_SAMPLE, draws));
    }
  }

  @Override
  public void onRoute(BackendIntent intent, Endpoint endpoint, Route.Builder route) {
    if (endpoint instanceof Endpoint.Known(var known)) {
      var share = intent.loggedOf(known);
      if (!share.equals(Share.NONE)) {
        route.putTypedPerFilterConfig(FilterNames.ALLOWED_SAMPLE, Packed.any(drawing(share)));
      }
    }
  }

  /** Requests that were drawn. */
  static Predicate drawn() {
    var any =
        StringMatcher.newBuilder()
            .setSafeRegex(
                RegexMatcher.newBuilder()
                    .setGoogleRe2(GoogleRE2.getDefaultInstance())
                    .setRegex(".+"));
    var mark = FilterStateInput.newBuilder().setKey(DRAWN).build();
    return Predicate.newBuilder()
        .setSinglePredicate(
            SinglePredicate.newBuilder()
                .setInput(Packed.xdsExtension("drawn", mark))
                .setValueMatch(any))
        .build();
  }

  private static ExtensionWithMatcherPerRoute drawing(Share share) {
    var action =
        ExecuteFilterAction.newBuilder()
            .setSamplePercent(RuntimeFractionalPercent.newBuilder().setDefaultValue(part(share)))
            .setTypedConfig(Packed.extension("envoy.filters.http.set_filter_state", mark(share)))
            .build();
    return ExtensionWithMatcherPerRoute.newBuilder()
        .setXdsMatcher(
            Matcher.newBuilder()
                .setOnNoMatch(OnMatch.newBuilder().setAction(Packed.xdsExtension("draw", action))))
        .build();
  }

  private static FractionalPercent part(Share share) {
    return FractionalPercent.newBuilder()
        .setNumerator(share.millionths())
        .setDenominator(DenominatorType.MILLION)
        .build();
  }

  private static Config mark(Share share) {
    var text = DataSource.newBuilder().setInlineString(FormatText.literal(share.toString()));
    return Config.newBuilder()
        .addOnRequestHeaders(
            FilterStateValue.newBuilder()
                .setObjectKey(DRAWN)
                .setFactoryKey("envoy.string")
                .setFormatString(SubstitutionFormatString.newBuilder().setTextFormatSource(text)))
        .build();
  }
}
