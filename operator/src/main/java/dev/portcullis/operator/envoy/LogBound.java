package dev.portcullis.operator.envoy;

import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate.PredicateList;
import com.google.protobuf.BoolValue;
import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.MetadataFilter;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher.PathSegment;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;

/**
 * So many lines of refused and failed requests a second and worker thread; the next line tells how
 * many were left out. Envoy has a filter for it whose numbers come over a stream of their own, and
 * which brings it down where they come from elsewhere; ours is a program.
 *
 * <p>It sees no line that has no such answer; those are left to {@link LineBucket#REQUESTS}.
 *
 * <p>It stands in front, where it sees the gate's own replies and those of the codec too, and is
 * asked about no answer that is not logged anyway.
 */
final class LogBound implements Feature {

  /** In the access log: lines before this one that this worker thread did not write. */
  static final String LEFT_OUT = "%DYNAMIC_METADATA(" + FilterNames.LOG_BOUND + ":leftOut)%";

  /** Under gRPC the gate's refusals come as 200. */
  private static final Predicate REFUSED_OR_FAILED =
      Predicate.newBuilder()
          .setOrMatcher(
              PredicateList.newBuilder()
                  .addPredicate(AnswerMatch.header(":status", "[45].."))
                  .addPredicate(AnswerMatch.header(DenialId.HEADER, ".+")))
          .build();

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    var program =
        DataSource.newBuilder()
            .setInlineString(LogBoundProgram.refused(intent.log().linesPerSecond()));
    var bound = Lua.newBuilder().setDefaultSourceCode(program).build();
    http.addHttpFilters(
        AnswerMatch.on(
            REFUSED_OR_FAILED,
            FilterNames.LOG_BOUND,
            Packed.extension("envoy.filters.http.lua", bound)));
  }

  /** Lines that this worker thread may still write, and as many of those that it does not see. */
  static AccessLogFilter within() {
    var leftOver = line(FilterNames.LOG_BOUND).setMatchIfKeyNotFound(BoolValue.of(true));
    return LogFilters.anyOf(
        written(FilterNames.LOG_BOUND),
        LogFilters.allOf(filter(leftOver), LineBucket.REQUESTS.within()));
  }

  /** Lines that a filter which bounds its own was asked about, and may still write. */
  static AccessLogFilter written(String filter) {
    return filter(line(filter).setMatchIfKeyNotFound(BoolValue.of(false)));
  }

  private static AccessLogFilter filter(MetadataFilter.Builder line) {
    return AccessLogFilter.newBuilder().setMetadataFilter(line).build();
  }

  private static MetadataFilter.Builder line(String filter) {
    // Envoy does not look at the matcher's inversion here.
    var written =
        MetadataMatcher.newBuilder()
            .setFilter(filter)
            .addPath(PathSegment.newBuilder().setKey("line"))
            .setValue(
                ValueMatcher.newBuilder()
                    .setStringMatch(StringMatcher.newBuilder().setExact("written")));
    return MetadataFilter.newBuilder().setMatcher(written);
  }
}
