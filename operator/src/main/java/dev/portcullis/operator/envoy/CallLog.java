package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Call;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import java.util.HashMap;
import java.util.Map;

/** One JSON line on stdout for each call that was refused or failed, as for inbound requests. */
final class CallLog {

  private static final int FIRST_ERROR = 400;

  private static final Map<String, String> CALL =
      Map.ofEntries(
          Map.entry("event", "call"),
          Map.entry("time", "%START_TIME%"),
          Map.entry("reason", "%RESPONSE_CODE_DETAILS%"),
          Map.entry("transport", "%UPSTREAM_TRANSPORT_FAILURE_REASON%"),
          Map.entry("flags", "%RESPONSE_FLAGS%"),
          Map.entry("code", "%RESPONSE_CODE%"),
          Map.entry("method", "%REQ(:METHOD)%"),
          Map.entry("path", "%PATH(NQ:PATH)%"),
          Map.entry("pod", "%UPSTREAM_REMOTE_ADDRESS%"),
          Map.entry("identity", "%UPSTREAM_PEER_URI_SAN%"),
          Map.entry("tries", "%UPSTREAM_REQUEST_ATTEMPT_COUNT%"),
          Map.entry("requestId", "%REQ(X-REQUEST-ID)%"),
          Map.entry("bytesReceived", "%BYTES_RECEIVED%"),
          Map.entry("bytesSent", "%BYTES_SENT%"),
          Map.entry("durationMs", "%DURATION%"));

  static AccessLog of(BackendIntent intent, Call call) {
    var fields = new HashMap<>(CALL);
    fields.put("call", FormatText.literal(call.name()));
    fields.put("backend", FormatText.literal(call.backend().toString()));
    var failed =
        LogFilters.anyOf(
            LogFilters.statusFrom(FIRST_ERROR), LogFilters.grpcFailed(), LogFilters.flagged());
    return AccessLogs.toStdout(intent, fields, LogFilters.allOf(failed, LineBucket.CALLS.within()));
  }

  private CallLog() {}
}
