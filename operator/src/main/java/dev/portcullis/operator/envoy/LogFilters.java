package dev.portcullis.operator.envoy;

import com.google.protobuf.BoolValue;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.AndFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ComparisonFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ExtensionFilter;
import io.envoyproxy.envoy.config.accesslog.v3.GrpcStatusFilter;
import io.envoyproxy.envoy.config.accesslog.v3.HeaderFilter;
import io.envoyproxy.envoy.config.accesslog.v3.MetadataFilter;
import io.envoyproxy.envoy.config.accesslog.v3.OrFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ResponseFlagFilter;
import io.envoyproxy.envoy.config.accesslog.v3.StatusCodeFilter;
import io.envoyproxy.envoy.config.core.v3.RuntimeUInt32;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher.PathSegment;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import java.util.List;

/** Envoy's access log filters, which its local replies use too. */
final class LogFilters {

  // No response flag tells a failed handshake.
  private static final String CONNECTION_FAILED =
      "has(connection.transport_failure_reason) || has(connection.termination_details)";

  /** Answers of this status or above; under gRPC, refusals come as 200. */
  static AccessLogFilter statusFrom(int status) {
    return status(ComparisonFilter.Op.GE, status);
  }

  /** Answers of this status alone; local replies are asked before gRPC makes theirs 200. */
  static AccessLogFilter status(int status) {
    return status(ComparisonFilter.Op.EQ, status);
  }

  private static AccessLogFilter status(ComparisonFilter.Op operator, int status) {
    var comparison =
        ComparisonFilter.newBuilder()
            .setOp(operator)
            .setValue(
                RuntimeUInt32.newBuilder()
                    .setDefaultValue(status)
                    // Envoy wants a key; no runtime layer of ours sets it.
                    .setRuntimeKey("portcullis.status_from"));
    return AccessLogFilter.newBuilder()
        .setStatusCodeFilter(StatusCodeFilter.newBuilder().setComparison(comparison))
        .build();
  }

  static AccessLogFilter grpc() {
    var contentType =
        HeaderMatcher.newBuilder()
            .setName("content-type")
            .setStringMatch(StringMatcher.newBuilder().setPrefix("application/grpc"));
    return AccessLogFilter.newBuilder()
        .setHeaderFilter(HeaderFilter.newBuilder().setHeader(contentType))
        .build();
  }

  static AccessLogFilter grpcFailed() {
    var notOk =
        AccessLogFilter.newBuilder()
            .setGrpcStatusFilter(
                GrpcStatusFilter.newBuilder()
                    .addStatuses(GrpcStatusFilter.Status.OK)
                    .setExclude(true))
            .build();
    return allOf(grpc(), notOk);
  }

  /** Any of Envoy's response flags: the proxy, not the application, had something to say. */
  static AccessLogFilter flagged() {
    return AccessLogFilter.newBuilder()
        .setResponseFlagFilter(ResponseFlagFilter.getDefaultInstance())
        .build();
  }

  /** The gate's own answers: what an application says under that name is not counted. */
  static AccessLogFilter deniedByTheGate() {
    return expression(
        "'%s' in response.headers && response.code_details != 'via_upstream'"
            .formatted(DenialId.HEADER));
  }

  /** Connections that ended before HTTP: in the handshake, or closed by a network filter. */
  static AccessLogFilter connectionFailed() {
    return expression(CONNECTION_FAILED);
  }

  /** Every connection of the chain but those that {@link RedirectProof} marked as allowed. */
  static AccessLogFilter unmarkedOn(String chain) {
    var notAllowed =
        MetadataMatcher.newBuilder()
            .setFilter(RedirectProof.MARK)
            .addPath(PathSegment.newBuilder().setKey("shadow_engine_result"))
            .setValue(
                ValueMatcher.newBuilder()
                    .setStringMatch(StringMatcher.newBuilder().setExact("denied")));
    var unmarked =
        AccessLogFilter.newBuilder()
            .setMetadataFilter(
                MetadataFilter.newBuilder()
                    .setMatcher(notAllowed)
                    .setMatchIfKeyNotFound(BoolValue.of(true)));
    return AccessLogFilter.newBuilder()
        .setAndFilter(
            AndFilter.newBuilder()
                .addFilters(expression("xds.filter_chain_name == '" + chain + "'"))
                .addFilters(unmarked))
        .build();
  }

  private static AccessLogFilter expression(String cel) {
    var expression = ExpressionFilter.newBuilder().setExpression(cel).build();
    return AccessLogFilter.newBuilder()
        .setExtensionFilter(
            ExtensionFilter.newBuilder()
                .setName("envoy.access_loggers.extension_filters.cel")
                .setTypedConfig(Packed.any(expression)))
        .build();
  }

  static AccessLogFilter allOf(AccessLogFilter... filters) {
    return AccessLogFilter.newBuilder()
        .setAndFilter(AndFilter.newBuilder().addAllFilters(List.of(filters)))
        .build();
  }

  static AccessLogFilter anyOf(AccessLogFilter... filters) {
    var any = OrFilter.newBuilder();
    for (var filter : filters) {
      any.addFilters(filter);
    }
    return AccessLogFilter.newBuilder().setOrFilter(any).build();
  }

  private LogFilters() {}
}
