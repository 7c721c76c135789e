package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Inbound.Http3;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;

/** Response headers: the hardened set, then the policy's own rules, which so have the last word. */
final class ResponseHeaders implements Feature {

  private static final int ADVERTISED_SECONDS = 3600;

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    http.addHttpFilters(
        Packed.filter(FilterNames.RESPONSE_HEADERS, HeaderMutation.getDefaultInstance()));
  }

  @Override
  public void onHost(BackendIntent intent, VirtualHost.Builder host) {
    var mutations = Mutations.newBuilder();
    switch (intent.headers().hardening()) {
      case HARDENED -> harden(mutations);
      case AS_IS -> {}
    }
    intent
        .inbound()
        .http3()
        .flatMap(Http3::advertisedPort)
        .ifPresent(port -> mutations.addResponseMutations(HeaderEdits.put(alternative(port))));
    if (intent.outages().findAny().isPresent()) {
      StoredRates.ANSWERS.forEach(name -> mutations.addResponseMutations(HeaderEdits.remove(name)));
    }
    mutations.addAllResponseMutations(HeaderEdits.of(intent.headers().response()));
    host.putTypedPerFilterConfig(
        FilterNames.RESPONSE_HEADERS,
        Packed.any(HeaderMutationPerRoute.newBuilder().setMutations(mutations).build()));
  }

  /** Where the same can be asked for over HTTP/3 (RFC 7838). */
  private static HeaderValueOption alternative(int port) {
    return HeaderValueOption.newBuilder()
        .setHeader(
            HeaderValue.newBuilder()
                .setKey("alt-svc")
                .setValue("h3=\":" + port + "\"; ma=" + ADVERTISED_SECONDS))
        .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
        .build();
  }

  private static void harden(Mutations.Builder mutations) {
    Hardening.REMOVED.forEach(name -> mutations.addResponseMutations(HeaderEdits.remove(name)));
    Hardening.SET.forEach(header -> mutations.addResponseMutations(HeaderEdits.put(header)));
  }
}
