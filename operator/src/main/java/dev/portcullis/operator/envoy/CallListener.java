package dev.portcullis.operator.envoy;

import com.google.protobuf.BoolValue;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.UInt64Value;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Call;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ForwardClientCertDetails;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ServerHeaderTransformation;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import java.time.Duration;

/**
 * Where the application calls: loopback alone, in plain text. What it says about callers, and what
 * it tells the sidecar to do beside the policy, is cut off.
 */
final class CallListener {

  private static final String LOOPBACK = "127.0.0.1";
  private static final int BUFFER_BYTES = 32 * 1024;
  private static final int CONNECTIONS = 1024;
  private static final int STREAMS = 100;
  private static final Duration IDLE = Duration.ofMinutes(10);
  private static final Duration HEADERS = Duration.ofSeconds(10);

  static Listener of(BackendIntent intent, Call call) {
    var socket = SocketAddress.newBuilder().setAddress(LOOPBACK).setPortValue(call.localPort());
    return Listener.newBuilder()
        .setName(Calls.listenerName(call))
        .setAddress(Address.newBuilder().setSocketAddress(socket))
        .setTrafficDirection(TrafficDirection.OUTBOUND)
        .setPerConnectionBufferLimitBytes(UInt32Value.of(BUFFER_BYTES))
        // The application's own connections take no room from its callers'.
        .setIgnoreGlobalConnLimit(true)
        .addFilterChains(
            FilterChain.newBuilder()
                .setName(Calls.name(call))
                .addFilters(filter("envoy.filters.network.connection_limit", limit(call)))
                .addFilters(filter(EnvoyTranslator.HTTP_FILTER, http(intent, call))))
        .build();
  }

  private static ConnectionLimit limit(Call call) {
    return ConnectionLimit.newBuilder()
        .setStatPrefix(Calls.name(call))
        .setMaxConnections(UInt64Value.of(CONNECTIONS))
        .build();
  }

  private static HttpConnectionManager http(BackendIntent intent, Call call) {
    return HttpConnectionManager.newBuilder()
        .setStatPrefix(Calls.name(call))
        .setRds(
            Rds.newBuilder().setRouteConfigName(Calls.name(call)).setConfigSource(AdsSource.CONFIG))
        .setUseRemoteAddress(BoolValue.of(true))
        .setInternalAddressConfig(CallerIdentity.NOBODY_INTERNAL)
        .setSkipXffAppend(true)
        .setPreserveExternalRequestId(true)
        .setForwardClientCertDetails(ForwardClientCertDetails.SANITIZE)
        .addEarlyHeaderMutationExtensions(
            Packed.extension(
                "envoy.http.early_header_mutation.header_mutation",
                CallerIdentity.withoutClaims().build()))
        .setServerHeaderTransformation(ServerHeaderTransformation.PASS_THROUGH)
        .setStreamIdleTimeout(ProtoDuration.of(call.requestTimeout()))
        .setRequestHeadersTimeout(ProtoDuration.of(HEADERS))
        .setCommonHttpProtocolOptions(
            HttpProtocolOptions.newBuilder().setIdleTimeout(ProtoDuration.of(IDLE)))
        .setHttp2ProtocolOptions(
            Http2ProtocolOptions.newBuilder().setMaxConcurrentStreams(UInt32Value.of(STREAMS)))
        .setLocalReplyConfig(CallReplies.of(call))
        .addAccessLog(CallLog.of(intent, call))
        .addHttpFilters(
            Packed.filter(
                FilterNames.ROUTER, Router.newBuilder().setSuppressEnvoyHeaders(true).build()))
        .build();
  }

  private static Filter filter(String name, com.google.protobuf.Message config) {
    return Filter.newBuilder().setName(name).setTypedConfig(Packed.any(config)).build();
  }

  private CallListener() {}
}
