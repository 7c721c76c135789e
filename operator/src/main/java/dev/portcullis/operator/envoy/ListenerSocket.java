package dev.portcullis.operator.envoy;

import com.google.protobuf.UInt32Value;
import dev.portcullis.bootstrap.contract.SidecarPorts;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Inbound;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;

/**
 * Where connections come from. Under redirect, a connection that was meant for another port than
 * the declared one and the application's finds no filter chain, which closes and logs it.
 *
 * <p>A chain's match chooses whose certificates are asked for, and decides nothing else.
 */
final class ListenerSocket implements Feature {

  private static final String ANY_IPV4 = "0.0.0.0";
  // Bounds what one connection may make Envoy hold; bodies stream through it.
  private static final int BUFFER_BYTES = 32 * 1024;

  @Override
  public void onListener(BackendIntent intent, Listener.Builder listener) {
    listener
        .setTrafficDirection(TrafficDirection.INBOUND)
        .setPerConnectionBufferLimitBytes(UInt32Value.of(BUFFER_BYTES));
    switch (intent.inbound().capture()) {
      case REDIRECT ->
          listener.setAddress(address(SidecarPorts.CAPTURE)).addListenerFilters(originalDst());
      case NONE -> listener.setAddress(address(intent.inbound().port()));
    }
    if (Entrance.dependsOnServerNames(intent)) {
      listener
          .addListenerFilters(tlsInspector())
          .setListenerFiltersTimeout(ProtoDuration.of(intent.timeouts().requestHeaders()));
    }
  }

  @Override
  public void onFilterChain(BackendIntent intent, Entrance entrance, FilterChain.Builder chain) {
    var match = FilterChainMatch.newBuilder();
    if (intent.inbound().capture() == Inbound.Capture.REDIRECT) {
      match.setDestinationPort(UInt32Value.of(intent.inbound().port()));
    }
    if (entrance instanceof Entrance.FromOutside(var trust, var networks, _)) {
      match.addAllServerNames(trust.serverNames());
      networks.forEach(cidr -> match.addSourcePrefixRanges(AddressPredicate.range(cidr)));
    }
    if (!match.build().equals(FilterChainMatch.getDefaultInstance())) {
      chain.setFilterChainMatch(match);
    }
  }

  /** Reads the server name that a client asks for. */
  private static ListenerFilter tlsInspector() {
    return ListenerFilter.newBuilder()
        .setName("envoy.filters.listener.tls_inspector")
        .setTypedConfig(Packed.any(TlsInspector.getDefaultInstance()))
        .build();
  }

  private static ListenerFilter originalDst() {
    return ListenerFilter.newBuilder()
        .setName("envoy.filters.listener.original_dst")
        .setTypedConfig(Packed.any(OriginalDst.getDefaultInstance()))
        .build();
  }

  private static Address address(int port) {
    return Address.newBuilder()
        .setSocketAddress(SocketAddress.newBuilder().setAddress(ANY_IPV4).setPortValue(port))
        .build();
  }
}
