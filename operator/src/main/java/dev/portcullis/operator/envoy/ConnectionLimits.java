package dev.portcullis.operator.envoy;

import com.google.protobuf.UInt64Value;
import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit;

/** Open connections of the listener; one more is closed before its handshake. */
final class ConnectionLimits implements Feature {

  @Override
  public void onFilterChain(BackendIntent intent, FilterChain.Builder chain) {
    var limit =
        ConnectionLimit.newBuilder()
            .setStatPrefix("inbound")
            .setMaxConnections(UInt64Value.of(intent.limits().connections()));
    chain.addFilters(
        Filter.newBuilder()
            .setName("envoy.filters.network.connection_limit")
            .setTypedConfig(Packed.any(limit.build())));
  }
}
