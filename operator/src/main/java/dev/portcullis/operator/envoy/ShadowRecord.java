package dev.portcullis.operator.envoy;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Struct;
import com.google.protobuf.util.Values;
import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.MetadataFilter;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher.PathSegment;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;

/**
 * Which rule would have refused a request that passes because it is in shadow: the first one, as if
 * it were enforced. The rules themselves leave marks; this reads them, and knows what no filter
 * decides. It is in the chain of those alone that have anything in shadow.
 */
final class ShadowRecord implements Feature {

  /** Before the marks of {@link CallerRbac}. */
  static final String CALLERS = "caller_";

  /** Before the marks of {@link ProofRbac}. */
  static final String PROOFS = "proof_";

  /** The mark of {@link RateLimits}; begins with what clients cannot send. */
  static final String LIMITS_HEADER = "x-portcullis-shadow-limits";

  /** In the access log: the rule. */
  static final String RULE = "%DYNAMIC_METADATA(" + FilterNames.SHADOW + ":rule)%";

  /** In the access log: lines before this one that this worker thread did not write. */
  static final String LEFT_OUT = "%DYNAMIC_METADATA(" + FilterNames.SHADOW + ":leftOut)%";

  /** Requests that have such a record. */
  static final AccessLogFilter MADE =
      AccessLogFilter.newBuilder()
          .setMetadataFilter(
              MetadataFilter.newBuilder()
                  .setMatcher(
                      MetadataMatcher.newBuilder()
                          .setFilter(FilterNames.SHADOW)
                          .addPath(PathSegment.newBuilder().setKey("rule"))
                          .setValue(ValueMatcher.newBuilder().setPresentMatch(true)))
                  .setMatchIfKeyNotFound(BoolValue.of(false)))
          .build();

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    if (intent.shadow().isPresent()) {
      http.addHttpFilters(program(intent).httpFilter());
    }
  }

  @Override
  public void onRoute(BackendIntent intent, Endpoint endpoint, Route.Builder route) {
    if (endpoint.isShadowedIn(intent)) {
      route.putTypedPerFilterConfig(FilterNames.SHADOW, program(intent).onRoute());
      route.getMetadataBuilder().putFilterMetadata(FilterNames.SHADOW, knownOf(endpoint));
    }
  }

  private static LuaProgram program(BackendIntent intent) {
    var text = ShadowRecordProgram.lua(intent.log().linesPerSecond());
    return new LuaProgram(FilterNames.SHADOW, "shadow_record", text);
  }

  /** What is refused by the table itself, or else the largest body. */
  private static Struct knownOf(Endpoint endpoint) {
    return switch (endpoint) {
      case Endpoint.Known(var route) ->
          route.isOfWebSockets()
              ? Struct.getDefaultInstance()
              : Struct.newBuilder()
                  .putFields("mostBytes", Values.of(BodyLimit.most(route)))
                  .build();
      case Endpoint.WrongMethod(_, _) -> rule("method");
      case Endpoint.WrongMediaType(_) -> rule("media-type");
      case Endpoint.WrongParameter(_, _) -> rule("path");
      case Endpoint.NoHandshake(_) -> rule("upgrade");
      case Endpoint.UnknownPath() -> rule("path");
      case Endpoint.DisguisedPath() -> throw new IllegalArgumentException("never in shadow");
    };
  }

  private static Struct rule(String name) {
    return Struct.newBuilder().putFields("rule", Values.of(name)).build();
  }

  /** The limits that are checked first are told. */
  static HeaderValueOption mark(String limits) {
    return HeaderValueOption.newBuilder()
        .setHeader(
            HeaderValue.newBuilder().setKey(LIMITS_HEADER).setValue(FormatText.literal(limits)))
        .setAppendAction(HeaderAppendAction.ADD_IF_ABSENT)
        .build();
  }
}
