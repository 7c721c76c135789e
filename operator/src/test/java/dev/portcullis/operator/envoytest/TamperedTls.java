package dev.portcullis.operator.envoytest;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A listener that is otherwise as Portcullis makes it, to show that a test would notice. */
public final class TamperedTls {

  /** Changes the TLS of every filter chain. */
  public static UnaryOperator<Listener> by(Consumer<DownstreamTlsContext.Builder> change) {
    return listener -> {
      var builder = listener.toBuilder();
      builder.getFilterChainsBuilderList().forEach(chain -> tamper(chain, change));
      return builder.build();
    };
  }

  private static void tamper(
      FilterChain.Builder chain, Consumer<DownstreamTlsContext.Builder> change) {
    try {
      var socket = chain.getTransportSocketBuilder();
      var tls = socket.getTypedConfig().unpack(DownstreamTlsContext.class).toBuilder();
      change.accept(tls);
      socket.setTypedConfig(Any.pack(tls.build()));
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TamperedTls() {}
}
