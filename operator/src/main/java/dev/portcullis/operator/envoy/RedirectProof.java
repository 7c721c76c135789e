package dev.portcullis.operator.envoy;

import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.UInt64Value;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Inbound;
import dev.portcullis.operator.intent.SpiffeId;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit;
import io.envoyproxy.envoy.extensions.filters.network.echo.v3.Echo;
import io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.time.Duration;

/**
 * Under redirect, what dials the application's port meets this chain: the operator gets back the
 * bytes that it sends and so knows that the redirect works; nobody else passes the handshake.
 *
 * <p>Everybody else's connection is logged, whatever became of it. What tells the operator's is a
 * mark that is set by the first byte after the handshake, so no certificate that is only shown, and
 * no silence, hides anyone.
 */
final class RedirectProof implements Feature {

  static final String CHAIN = "redirect-proof";

  /** The filter that sets the mark, and so the name under which Envoy keeps it. */
  static final String MARK = "envoy.filters.network.rbac";

  // A measurement needs one; the rest is room for strangers until their handshake fails.
  private static final int CONNECTIONS = 32;
  private static final Duration HANDSHAKE = Duration.ofSeconds(3);

  @Override
  public void onListener(BackendIntent intent, Listener.Builder listener) {
    if (intent.inbound().capture() == Inbound.Capture.REDIRECT) {
      listener.addFilterChains(chain(intent));
    }
  }

  private static FilterChain.Builder chain(BackendIntent intent) {
    var operator = intent.mesh().operator();
    return FilterChain.newBuilder()
        .setName(CHAIN)
        .setFilterChainMatch(
            FilterChainMatch.newBuilder()
                .setDestinationPort(UInt32Value.of(intent.application().port())))
        .setTransportSocket(TlsFeature.socket(intent.inbound().tls(), exactly(operator)))
        .setTransportSocketConnectTimeout(ProtoDuration.of(HANDSHAKE))
        .addFilters(filter("envoy.filters.network.connection_limit", limit()))
        .addFilters(filter(MARK, marking(operator)))
        .addFilters(filter("envoy.filters.network.echo", Echo.getDefaultInstance()));
  }

  private static ConnectionLimit limit() {
    return ConnectionLimit.newBuilder()
        .setStatPrefix(CHAIN)
        .setMaxConnections(UInt64Value.of(CONNECTIONS))
        .build();
  }

  /** A shadow rule refuses nobody: the handshake has done that. It leaves its verdict. */
  private static RBAC marking(SpiffeId operator) {
    var name = Principal.Authenticated.newBuilder().setPrincipalName(exactly(operator));
    var policy =
        Policy.newBuilder()
            .addPermissions(Permission.newBuilder().setAny(true))
            .addPrincipals(Principal.newBuilder().setAuthenticated(name));
    return RBAC.newBuilder()
        .setStatPrefix(CHAIN)
        .setShadowRules(
            io.envoyproxy
                .envoy
                .config
                .rbac
                .v3
                .RBAC
                .newBuilder()
                .putPolicies("operator", policy.build()))
        .build();
  }

  private static StringMatcher exactly(SpiffeId identity) {
    return StringMatcher.newBuilder().setExact(identity.uri()).build();
  }

  private static Filter filter(String name, Message config) {
    return Filter.newBuilder().setName(name).setTypedConfig(Packed.any(config)).build();
  }
}
