package dev.portcullis.operator.envoy;

import com.google.protobuf.Struct;
import com.google.protobuf.util.Values;
import dev.portcullis.operator.intent.Call;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.LocalReplyConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ResponseMapper;

/**
 * What the sidecar itself answers the application, when no pod of the backend did. Only the pod's
 * own containers read it, so it says why.
 */
final class CallReplies {

  private static final int FIRST_ERROR = 400;
  private static final String WHY = "%RESPONSE_FLAGS_LONG%";

  static LocalReplyConfig of(Call call) {
    return LocalReplyConfig.newBuilder()
        .addMappers(reply(LogFilters.grpc(), text(call)))
        .addMappers(reply(LogFilters.statusFrom(FIRST_ERROR), json(call)))
        .build();
  }

  private static ResponseMapper reply(AccessLogFilter filter, SubstitutionFormatString body) {
    return ResponseMapper.newBuilder().setFilter(filter).setBodyFormatOverride(body).build();
  }

  private static SubstitutionFormatString json(Call call) {
    var body =
        Struct.newBuilder()
            .putFields("call", Values.of(FormatText.literal(call.name())))
            .putFields("backend", Values.of(FormatText.literal(call.backend().toString())))
            .putFields("reason", Values.of(WHY))
            .putFields("requestId", Values.of("%REQ(X-REQUEST-ID)%"))
            .putFields("status", Values.of("%RESPONSE_CODE%"));
    return SubstitutionFormatString.newBuilder().setJsonFormat(body).build();
  }

  private static SubstitutionFormatString text(Call call) {
    var names = FormatText.literal("call %s to %s: ".formatted(call.name(), call.backend()));
    return SubstitutionFormatString.newBuilder()
        .setTextFormatSource(DataSource.newBuilder().setInlineString(names + WHY))
        .build();
  }

  private CallReplies() {}
}
