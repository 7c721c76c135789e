package dev.portcullis.operator.envoy;

import com.google.protobuf.Struct;
import com.google.protobuf.util.Values;
import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ServerHeaderTransformation;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.LocalReplyConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ResponseMapper;

/**
 * The proxy's own replies: always hardened, and the same few words for every refusal. The reason is
 * in the access log under the request's id; the answer has the {@link DenialId} alone. Replies that
 * the codec gives (400, 431) see no filter, so this is the only place that reaches them.
 */
final class LocalReplies implements Feature {

  private static final String REQUEST_ID = "%REQ(X-REQUEST-ID)%";
  private static final int FIRST_ERROR = 400;
  private static final int UNAVAILABLE = 503;

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    var id = DenialIds.header(intent);
    http.setServerHeaderTransformation(ServerHeaderTransformation.PASS_THROUGH)
        .setLocalReplyConfig(
            LocalReplyConfig.newBuilder()
                .addMappers(
                    reply(LogFilters.allOf(LogFilters.grpc(), unavailable()), grpcBody(), id)
                        .addAllHeadersToAdd(RetryAfter.grpc(intent.overload())))
                .addMappers(
                    reply(unavailable(), jsonBody(), id)
                        .addAllHeadersToAdd(RetryAfter.http(intent.overload())))
                .addMappers(reply(LogFilters.grpc(), grpcBody(), id))
                .addMappers(reply(LogFilters.statusFrom(FIRST_ERROR), jsonBody(), id)));
  }

  private static AccessLogFilter unavailable() {
    return LogFilters.status(UNAVAILABLE);
  }

  private static ResponseMapper.Builder reply(
      AccessLogFilter filter, SubstitutionFormatString body, HeaderValueOption id) {
    return ResponseMapper.newBuilder()
        .setFilter(filter)
        .setBodyFormatOverride(body)
        .addAllHeadersToAdd(Hardening.SET)
        .addHeadersToAdd(id);
  }

  private static SubstitutionFormatString jsonBody() {
    var body =
        Struct.newBuilder()
            .putFields("requestId", Values.of(REQUEST_ID))
            .putFields("status", Values.of("%RESPONSE_CODE%"));
    return SubstitutionFormatString.newBuilder().setJsonFormat(body).build();
  }

  private static SubstitutionFormatString grpcBody() {
    return SubstitutionFormatString.newBuilder()
        .setTextFormatSource(
            DataSource.newBuilder().setInlineString("refused, request " + REQUEST_ID))
        .build();
  }
}
