package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.ApiKeys.KeyFate;
import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;

/** The policy's rules for request headers. */
final class RequestHeaders implements Feature {

  @Override
  public void onHttp(BackendIntent intent, Entrance entrance, HttpConnectionManager.Builder http) {
    http.addHttpFilters(
        Packed.filter(FilterNames.REQUEST_HEADERS, HeaderMutation.getDefaultInstance()));
  }

  @Override
  public void onHost(BackendIntent intent, VirtualHost.Builder host) {
    var mutations = Mutations.newBuilder();
    // Before the policy's own rules, which may give the application a key of another kind.
    intent
        .apiKeys()
        .filter(keys -> keys.fate() == KeyFate.REMOVED)
        .ifPresent(keys -> mutations.addRequestMutations(HeaderEdits.remove(keys.header())));
    mutations
        .addAllRequestMutations(HeaderEdits.of(intent.headers().request()))
        .addAllRequestMutations(CountedClaims.removed(intent))
        .addRequestMutations(HeaderEdits.remove(CertificateExpiry.HEADER));
    if (intent.application().transcoding().isPresent()) {
      JsonTranscoder.TRACES.forEach(
          name -> mutations.addRequestMutations(HeaderEdits.remove(name)));
    }
    if (intent.shadow().isPresent()) {
      mutations.addRequestMutations(HeaderEdits.remove(ShadowRecord.LIMITS_HEADER));
    }
    host.putTypedPerFilterConfig(
        FilterNames.REQUEST_HEADERS,
        Packed.any(HeaderMutationPerRoute.newBuilder().setMutations(mutations).build()));
  }
}
