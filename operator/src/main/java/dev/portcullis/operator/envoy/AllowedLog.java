package dev.portcullis.operator.envoy;

import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate.PredicateList;
import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;

/**
 * Bounds the lines of allowed requests, apart from those of refused ones: neither crowds out the
 * other. It decides by the headers of the answer, and of those alone that {@link AllowedSample} has
 * drawn; a line that it admits is written when the request ends, however it ends, so that none of
 * its counts is lost. It is in the chain of those alone that ask for it.
 */
final class AllowedLog implements Feature {

  /** In the access log: drawn ones before this one that this worker thread did not write. */
  static final String LEFT_OUT = "%DYNAMIC_METADATA(" + FilterNames.ALLOWED_LOG + ":leftOut)%";

  /** The status comes first: before the answer it leaves the question open. */
  private static final Predicate ALLOWED_AND_DRAWN =
      Predicate.newBuilder()
          .setAndMatcher(
              PredicateList.newBuilder()
                  .addPredicate(AnswerMatch.header(":status", "[123].."))
                  .addPredicate(AllowedSample.drawn())
                  .addPredicate(not(AnswerMatch.header(DenialId.HEADER, ".+")))
                  .addPredicate(not(AnswerMatch.header("grpc-status", "[1-9].*"))))
          .build();

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    if (isAskedBy(intent)) {
      var text = LogBoundProgram.allowed(intent.log().linesPerSecond());
      var program = DataSource.newBuilder().setInlineString(text);
      var bound = Lua.newBuilder().setDefaultSourceCode(program).build();
      http.addHttpFilters(
          AnswerMatch.on(
              ALLOWED_AND_DRAWN,
              FilterNames.ALLOWED_LOG,
              Packed.extension("envoy.filters.http.lua", bound)));
    }
  }

  /** Whether any route's allowed requests are logged. */
  static boolean isAskedBy(BackendIntent intent) {
    return !intent.log().allowed().isEmpty();
  }

  /** Drawn ones that this worker thread may still write. */
  static AccessLogFilter within() {
    return LogBound.written(FilterNames.ALLOWED_LOG);
  }

  private static Predicate not(Predicate predicate) {
    return Predicate.newBuilder().setNotMatcher(predicate).build();
  }
}
