package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;

/** Response headers: the hardened set, then the policy's own rules, which so have the last word. */
final class ResponseHeaders implements Feature {

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
    mutations.addAllResponseMutations(HeaderEdits.of(intent.headers().response()));
    host.putTypedPerFilterConfig(
        FilterNames.RESPONSE_HEADERS,
        Packed.any(HeaderMutationPerRoute.newBuilder().setMutations(mutations).build()));
  }

  private static void harden(Mutations.Builder mutations) {
    Hardening.REMOVED.forEach(name -> mutations.addResponseMutations(HeaderEdits.remove(name)));
    Hardening.SET.forEach(header -> mutations.addResponseMutations(HeaderEdits.put(header)));
  }
}
