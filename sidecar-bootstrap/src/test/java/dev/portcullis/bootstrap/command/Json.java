package dev.portcullis.bootstrap.command;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.extensions.filters.http.credential_injector.v3.CredentialInjector;
import io.envoyproxy.envoy.extensions.filters.http.health_check.v3.HealthCheck;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.http.injected_credentials.generic.v3.Generic;
import io.envoyproxy.envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig;
import io.envoyproxy.envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.util.List;

/** Messages as JSON. A packed message whose name is wrong cannot be printed, which fails a test. */
final class Json {

  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer()
          .usingTypeRegistry(
              JsonFormat.TypeRegistry.newBuilder()
                  .add(
                      List.of(
                          CredentialInjector.getDescriptor(),
                          DownstreamConnectionsConfig.getDescriptor(),
                          FixedHeapConfig.getDescriptor(),
                          Generic.getDescriptor(),
                          HealthCheck.getDescriptor(),
                          HttpConnectionManager.getDescriptor(),
                          HttpProtocolOptions.getDescriptor(),
                          Lua.getDescriptor(),
                          Router.getDescriptor(),
                          Secret.getDescriptor(),
                          UpstreamCodec.getDescriptor(),
                          UpstreamTlsContext.getDescriptor()))
                  .build());

  private Json() {}

  static String of(Message message) {
    try {
      return PRINTER.print(message) + "\n";
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
