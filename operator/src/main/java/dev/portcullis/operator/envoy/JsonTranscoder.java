package dev.portcullis.operator.envoy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UInt32Value;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.Transcoding;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder;
import io.envoyproxy.envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder.PrintOptions;
import io.envoyproxy.envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder.RequestValidationOptions;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.Base64;
import java.util.List;

/**
 * JSON requests become gRPC calls.
 *
 * <p>It stands before every filter that decides: it gives the request the method's path and has its
 * route chosen again, so that what holds for the call holds for its JSON. What it knows is a
 * setting of the virtual host, so that an edit of the descriptor set drains nothing.
 */
final class JsonTranscoder implements Feature {

  /** Where Envoy writes what it replaced, the query included. */
  static final List<String> TRACES = List.of("x-envoy-original-path", "x-envoy-original-method");

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    if (intent.application().transcoding().isPresent()) {
      // Without services it does nothing.
      var idle = GrpcJsonTranscoder.newBuilder().setProtoDescriptorBin(ByteString.EMPTY).build();
      http.addHttpFilters(Packed.filter(FilterNames.TRANSCODER, idle));
    }
  }

  @Override
  public void onHost(BackendIntent intent, VirtualHost.Builder host) {
    intent
        .application()
        .transcoding()
        .ifPresent(
            transcoding ->
                host.putTypedPerFilterConfig(
                    FilterNames.TRANSCODER, Packed.any(of(transcoding, bytes(mostBytes(intent))))));
  }

  private static GrpcJsonTranscoder of(Transcoding transcoding, UInt32Value mostBytes) {
    return GrpcJsonTranscoder.newBuilder()
        .setProtoDescriptorBin(
            ByteString.copyFrom(Base64.getDecoder().decode(transcoding.descriptorSet())))
        .addAllServices(transcoding.services())
        .setConvertGrpcStatus(true)
        .setPrintOptions(print(transcoding))
        // A value must not come from two places, and none may go unheard.
        .setRequestValidationOptions(
            RequestValidationOptions.newBuilder()
                .setRejectUnknownQueryParameters(true)
                .setRejectBindingBodyFieldCollisions(true))
        .setMaxRequestBodySize(mostBytes)
        .setMaxResponseBodySize(bytes(transcoding.maxResponseBytes()))
        .build();
  }

  private static PrintOptions.Builder print(Transcoding transcoding) {
    return PrintOptions.newBuilder()
        .setAlwaysPrintPrimitiveFields(
            switch (transcoding.unsetFields()) {
              case OMITTED -> false;
              case PRINTED -> true;
            })
        .setPreserveProtoFieldNames(
            switch (transcoding.fieldNames()) {
              case LOWER_CAMEL -> false;
              case AS_WRITTEN -> true;
            });
  }

  /**
   * The least that any route allows: what bounds a body is chosen by the path that a request came
   * with, when its route is not known yet.
   */
  static long mostBytes(BackendIntent intent) {
    return intent.routes().stream().mapToLong(Route::maxRequestBytes).min().orElse(1);
  }

  private static UInt32Value bytes(long bytes) {
    return UInt32Value.of((int) Math.min(Integer.MAX_VALUE, bytes));
  }
}
