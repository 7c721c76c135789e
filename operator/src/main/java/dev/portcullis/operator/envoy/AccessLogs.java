package dev.portcullis.operator.envoy;

import com.google.protobuf.Struct;
import com.google.protobuf.util.Values;
import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One JSON line on stdout for each request that was refused or failed, and for each connection that
 * never became one. What was allowed is not logged, unless it would have been refused but for
 * {@code mode: Shadow}, or was drawn by the share that the policy asks for.
 */
final class AccessLogs implements Feature {

  private static final int FIRST_ERROR = 400;

  private static final Map<String, String> REQUEST =
      Map.ofEntries(
          Map.entry("event", "request"),
          Map.entry("time", "%START_TIME%"),
          Map.entry("route", "%ROUTE_NAME%"),
          Map.entry("denial", DenialIds.REPLIED),
          Map.entry("leftOut", LogBound.LEFT_OUT),
          Map.entry("policyGeneration", PolicyGeneration.IN_FORCE),
          Map.entry("reason", "%RESPONSE_CODE_DETAILS%"),
          Map.entry("flags", "%RESPONSE_FLAGS%"),
          Map.entry("code", "%RESPONSE_CODE%"),
          Map.entry("method", "%REQ(:METHOD)%"),
          Map.entry("path", "%PATH(NQ:PATH)%"),
          Map.entry("protocol", "%PROTOCOL%"),
          Map.entry("caller", CallerIdentity.PEER_URI),
          Map.entry("client", ApiKeyCheck.CLIENT),
          Map.entry("key", ApiKeyCheck.ANSWER),
          Map.entry("certificateEnd", "%DOWNSTREAM_PEER_CERT_V_END%"),
          Map.entry("address", "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%"),
          Map.entry("requestId", "%REQ(X-REQUEST-ID)%"),
          Map.entry("limits", "%RESP(" + RateLimits.POLICY_HEADER + ")%"),
          Map.entry("limitSize", "%RESP(X-RATELIMIT-LIMIT)%"),
          Map.entry("bytesReceived", "%BYTES_RECEIVED%"),
          Map.entry("bytesSent", "%BYTES_SENT%"),
          Map.entry("durationMs", "%DURATION%"));

  private static final Map<String, String> CONNECTION =
      Map.ofEntries(
          Map.entry("event", "connection"),
          Map.entry("time", "%START_TIME%"),
          Map.entry("reason", "%DOWNSTREAM_TRANSPORT_FAILURE_REASON%"),
          Map.entry("termination", "%CONNECTION_TERMINATION_DETAILS%"),
          Map.entry("flags", "%RESPONSE_FLAGS%"),
          Map.entry("caller", CallerIdentity.PEER_URI),
          Map.entry("address", "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%"),
          Map.entry("port", "%DOWNSTREAM_LOCAL_PORT%"),
          Map.entry("durationMs", "%DURATION%"));

  @Override
  public void onHttp(BackendIntent intent, Entrance entrance, HttpConnectionManager.Builder http) {
    var refused =
        LogFilters.anyOf(
            LogFilters.statusFrom(FIRST_ERROR), LogFilters.grpcFailed(), LogFilters.flagged());
    http.addAccessLog(
            toStdout(
                intent, request(intent, entrance), LogFilters.allOf(refused, LogBound.within())))
        .addAccessLog(
            DenialCounter.counting(
                DenialIds.REPLIED, LogFilters.allOf(refused, LogFilters.deniedByTheGate())));
    if (intent.shadow().isPresent()) {
      var bounded = LogFilters.allOf(ShadowRecord.MADE, LogBound.written(FilterNames.SHADOW));
      http.addAccessLog(toStdout(intent, shadow(intent, entrance), bounded))
          .addAccessLog(DenialCounter.countingShadow(ShadowRecord.RULE, ShadowRecord.MADE));
    }
    if (AllowedLog.isAskedBy(intent)) {
      http.addAccessLog(toStdout(intent, allowed(intent, entrance), AllowedLog.within()));
    }
  }

  private static Map<String, String> allowed(BackendIntent intent, Entrance entrance) {
    var fields = new TreeMap<>(request(intent, entrance));
    // An application may answer with headers of these names.
    fields.keySet().removeAll(List.of("denial", "limits", "limitSize"));
    fields.put("event", "allowed");
    fields.put("share", AllowedSample.SHARE);
    fields.put("grpcStatus", "%GRPC_STATUS(SNAKE_STRING)%");
    fields.put("leftOut", AllowedLog.LEFT_OUT);
    return fields;
  }

  private static Map<String, String> shadow(BackendIntent intent, Entrance entrance) {
    var fields = new TreeMap<>(request(intent, entrance));
    fields.put("event", "shadow");
    fields.put("rule", ShadowRecord.RULE);
    fields.put("leftOut", ShadowRecord.LEFT_OUT);
    return fields;
  }

  private static Map<String, String> request(BackendIntent intent, Entrance entrance) {
    if (intent.application().breaker().isEmpty()) {
      return request(entrance);
    }
    var fields = new TreeMap<>(request(entrance));
    fields.put("breaker", LatencyBreaker.ANSWER);
    return fields;
  }

  /** From outside, what a certificate says is told as no more than that. */
  private static Map<String, String> request(Entrance entrance) {
    return switch (entrance) {
      case Entrance.OfMesh() -> REQUEST;
      case Entrance.FromOutside outside -> {
        var fields = new TreeMap<>(REQUEST);
        fields.put("entrance", FormatText.literal(outside.name()));
        fields.put("caller", OutsideCaller.ADMITTING_RULE);
        fields.put("shownUri", CallerIdentity.PEER_URI);
        fields.put("shownDns", "%DOWNSTREAM_PEER_DNS_SAN%");
        fields.put("shownSubject", "%DOWNSTREAM_PEER_SUBJECT%");
        fields.put("shownSerial", "%DOWNSTREAM_PEER_SERIAL%");
        yield fields;
      }
    };
  }

  @Override
  public void onListener(BackendIntent intent, Listener.Builder listener) {
    var failed =
        LogFilters.anyOf(
            LogFilters.flagged(),
            LogFilters.connectionFailed(),
            LogFilters.unmarkedOn(RedirectProof.CHAIN));
    var fields = new TreeMap<>(CONNECTION);
    fields.put("denial", DenialIds.ofConnection(intent));
    listener
        .addAccessLog(
            toStdout(intent, fields, LogFilters.allOf(failed, LineBucket.CONNECTIONS.within())))
        .addAccessLog(DenialCounter.counting(DenialIds.ofConnection(intent), failed));
  }

  /** A line with these fields and the policy's name. */
  static AccessLog toStdout(
      BackendIntent intent, Map<String, String> fields, AccessLogFilter filter) {
    var line = Struct.newBuilder();
    new TreeMap<>(fields).forEach((name, format) -> line.putFields(name, Values.of(format)));
    line.putFields("policy", Values.of(FormatText.literal(intent.key().toString())));
    var format = SubstitutionFormatString.newBuilder().setJsonFormat(line).setOmitEmptyValues(true);
    return AccessLog.newBuilder()
        .setName("envoy.access_loggers.stdout")
        .setFilter(filter)
        .setTypedConfig(Packed.any(StdoutAccessLog.newBuilder().setLogFormat(format).build()))
        .build();
  }
}
