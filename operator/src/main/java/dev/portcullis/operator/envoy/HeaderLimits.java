package dev.portcullis.operator.envoy;

import com.google.protobuf.UInt32Value;
import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions.HeadersWithUnderscoresAction;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;

/** What one request's headers and one connection's streams may take. */
final class HeaderLimits implements Feature {

  private static final int KIB = 1024;
  private static final int STREAM_WINDOW = 64 * KIB;
  private static final int CONNECTION_WINDOW = KIB * KIB;

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    var limits = intent.limits();
    http.setMaxRequestHeadersKb(UInt32Value.of(Math.ceilDiv(limits.headerBytes(), KIB)))
        .setHttp2ProtocolOptions(
            Http2ProtocolOptions.newBuilder()
                .setMaxConcurrentStreams(UInt32Value.of(intent.inbound().streams()))
                .setInitialStreamWindowSize(UInt32Value.of(STREAM_WINDOW))
                .setInitialConnectionWindowSize(UInt32Value.of(CONNECTION_WINDOW)));
    // Behind, `a_b` and `a-b` are often one name: CGI-like stacks fold them.
    http.getCommonHttpProtocolOptionsBuilder()
        .setMaxHeadersCount(UInt32Value.of(limits.headerCount()))
        .setHeadersWithUnderscoresAction(HeadersWithUnderscoresAction.REJECT_REQUEST);
  }
}
