package dev.portcullis.operator.envoy;

import com.google.protobuf.BoolValue;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UInt32Value;
import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.QuicProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.UdpListenerConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.CodecType;
import io.envoyproxy.envoy.extensions.transport_sockets.quic.v3.QuicDownstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import java.time.Duration;
import java.util.Optional;

/**
 * HTTP/3: the same entrances once more, over QUIC. It is made of the listener over TCP, so no rule
 * can be on the one and not on the other; rates are counted in the routes that both have.
 *
 * <p>All of the listener but its chains is fixed. An edit of a chain drains that chain; an edit of
 * the rest would cut the requests under way, for their packets would meet another listener.
 */
final class Http3Listener {

  private static final String NAME = "inbound-http3";
  private static final String ANY_IPV4 = "0.0.0.0";
  private static final int KIB = 1024;
  private static final int STREAMS = 100;
  private static final int STREAM_WINDOW = 64 * KIB;
  private static final int CONNECTION_WINDOW = KIB * KIB;
  private static final Duration HANDSHAKE = Duration.ofSeconds(10);

  static Optional<Listener> beside(Listener overTcp, BackendIntent intent) {
    return intent.inbound().http3().map(_ -> overQuic(overTcp, intent.inbound().port()));
  }

  private static Listener overQuic(Listener overTcp, int port) {
    var listener =
        overTcp.toBuilder()
            .setName(NAME)
            .setAddress(address(port))
            .setUdpListenerConfig(UdpListenerConfig.newBuilder().setQuicOptions(options()))
            // No redirect lies before it, and QUIC reads the server's name itself.
            .clearListenerFilters()
            .clearListenerFiltersTimeout()
            .clearFilterChains();
    overTcp.getFilterChainsList().stream()
        .filter(chain -> !chain.getName().equals(RedirectProof.CHAIN))
        .map(Http3Listener::overQuic)
        .forEach(listener::addFilterChains);
    return listener.build();
  }

  private static Address.Builder address(int port) {
    return Address.newBuilder()
        .setSocketAddress(
            SocketAddress.newBuilder()
                .setProtocol(SocketAddress.Protocol.UDP)
                .setAddress(ANY_IPV4)
                .setPortValue(port));
  }

  /** A client that moves to another address would meet another pod behind a Service. */
  private static io.envoyproxy.envoy.config.listener.v3.QuicProtocolOptions options() {
    return io.envoyproxy.envoy.config.listener.v3.QuicProtocolOptions.newBuilder()
        .setQuicProtocolOptions(
            QuicProtocolOptions.newBuilder()
                .setMaxConcurrentStreams(UInt32Value.of(STREAMS))
                .setInitialStreamWindowSize(UInt32Value.of(STREAM_WINDOW))
                .setInitialConnectionWindowSize(UInt32Value.of(CONNECTION_WINDOW)))
        .setCryptoHandshakeTimeout(ProtoDuration.of(HANDSHAKE))
        .setSendDisableActiveMigration(BoolValue.of(true))
        .build();
  }

  private static FilterChain overQuic(FilterChain overTcp) {
    var chain = overTcp.toBuilder();
    chain.getFilterChainMatchBuilder().clearDestinationPort();
    if (chain.getFilterChainMatch().equals(FilterChainMatch.getDefaultInstance())) {
      chain.clearFilterChainMatch();
    }
    try {
      var last = chain.getFiltersBuilder(chain.getFiltersCount() - 1);
      return chain
          .setTransportSocket(overQuic(overTcp.getTransportSocket()))
          .setFilters(chain.getFiltersCount() - 1, overQuic(last))
          .build();
    } catch (InvalidProtocolBufferException damaged) {
      throw new IllegalArgumentException("a chain that is not ours", damaged);
    }
  }

  /** Without parameters of TLS: it is always 1.3, and Envoy would take others and do nothing. */
  private static TransportSocket overQuic(TransportSocket overTcp)
      throws InvalidProtocolBufferException {
    var tls = overTcp.getTypedConfig().unpack(DownstreamTlsContext.class).toBuilder();
    tls.getCommonTlsContextBuilder().clearTlsParams().clearAlpnProtocols().addAlpnProtocols("h3");
    // What comes before the handshake's end can be sent again by anyone who saw it.
    var quic =
        QuicDownstreamTransport.newBuilder()
            .setDownstreamTlsContext(tls)
            .setEnableEarlyData(BoolValue.of(false))
            .build();
    return TransportSocket.newBuilder()
        .setName("envoy.transport_sockets.quic")
        .setTypedConfig(Packed.any(quic))
        .build();
  }

  private static Filter overQuic(Filter.Builder overTcp) throws InvalidProtocolBufferException {
    var http = overTcp.getTypedConfig().unpack(HttpConnectionManager.class).toBuilder();
    http.setCodecType(CodecType.HTTP3).clearHttp2ProtocolOptions();
    return overTcp.setTypedConfig(Packed.any(http.build())).build();
  }

  private Http3Listener() {}
}
